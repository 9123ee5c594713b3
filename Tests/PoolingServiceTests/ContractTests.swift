import MicroHTTP
import PoolingEngine
import Testing

@testable import PoolingService
@testable import PoolingWire

/// Holds `openapi.yaml` to what runs.
@Suite struct ContractTests {
    @Test func `every route is described, and every description has a route`() throws {
        let routes = RouteTable.all.map { "\($0.method) \($0.path)" }
        #expect(try OpenAPIDocument().operations.sorted() == routes.sorted())
    }

    @Test func `ops and regions are those of the catalogue`() throws {
        let document = try OpenAPIDocument()
        let ops = PoolingCatalog.operationNames
        let regions = PoolingCatalog.regionNames
        #expect(document.schemaEnum("Op").sorted() == ops.sorted(), "\(lines(ops))")
        #expect(document.schemaEnum("Region").sorted() == regions.sorted(), "\(lines(regions))")
    }

    @Test func `element types, forms and codes are those of the code`() throws {
        let document = try OpenAPIDocument()
        #expect(document.schemaEnum("DType").sorted() == ElementType.allCases.map(\.rawValue).sorted())
        #expect(document.schemaEnum("ResponseForm").sorted() == TensorForm.allCases.map(\.rawValue).sorted())
        #expect(document.schemaEnum("ProblemCode") == ProblemCode.allCases.map(\.rawValue))
    }

    @Test func `the media types of tensors are those of the codecs, in and out`() throws {
        let document = try OpenAPIDocument()
        let spoken = [any TensorCodec].standard(bodyLimit: 1 << 20).responseTypes.sorted()
        for path in ["/v1/forward", "/v1/backward", "/v1/unpool"] {
            #expect(document.requestMediaTypes(path).sorted() == spoken)
            #expect(document.responseMediaTypes(path).sorted() == spoken)
        }
    }

    @Test func `content codings, models and datatypes are those of the code`() throws {
        let document = try OpenAPIDocument()
        #expect(document.headerEnum("ContentEncoding") == ContentCoding.spoken)
        #expect(document.schemaEnum("Model") == PoolingRequest.Endpoint.allCases.map(\.rawValue))
        #expect(document.schemaEnum("Datatype") == ElementTypeNames.openInference.all)
    }

    @Test(arguments: PoolingError.Reason.allCases)
    func `the status of every rejection is described`(_ reason: PoolingError.Reason) throws {
        #expect(try OpenAPIDocument().statuses.contains(Problem.statusAndCode(reason).0))
    }

    @Test func `every example of a request has a response`() throws {
        let document = try OpenAPIDocument()
        #expect(document.examples.count == document.requestExampleCount)
        #expect(document.examples.count >= 25)
    }

    @Test(arguments: try OpenAPIDocument().examples)
    func `every example gets the response that is described`(_ example: OpenAPIDocument.Example) throws {
        let path = example.path.replacing("{model}", with: "forward")
        let response = try DirectService().post(path, example.request)
        #expect(response.status == 200, "\(response.text)")
        let value = try JSONResponse(response.text).value
        #expect(example.response.isContained(in: value), "\(response.text)")
    }

    @Test func `the description is served as it is, and as JSON`() throws {
        let service = try DirectService()
        #expect(service.send("GET", "/openapi.yaml").text == String(decoding: EmbeddedFiles.openAPI, as: UTF8.self))
        #expect(
            service.send("GET", "/openapi.json").text == String(decoding: EmbeddedFiles.openAPIInJSON, as: UTF8.self))
    }

    @Test func `openapi.json says what openapi.yaml says`() throws {
        let json = String(decoding: EmbeddedFiles.openAPIInJSON, as: UTF8.self)
        #expect(try JSONResponse(json).value == OpenAPIDocument().value, "run `make openapi`")
    }

    /// To paste into `openapi.yaml`.
    private func lines(_ names: [String]) -> String {
        "openapi.yaml should list:\n" + names.map { "        - \($0)" }.joined(separator: "\n")
    }
}
