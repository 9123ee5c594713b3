import PoolingEngine
import RecycledMemory
import Testing

@testable import PoolingWire

@Suite struct OpenInferenceCodecTests {
    private func decode(
        _ json: String, binary: [UInt8] = [], headerLength: String? = nil,
        as endpoint: PoolingRequest.Endpoint = .forward
    ) throws(WireError) -> DecodedRequest {
        let header = headerLength ?? (binary.isEmpty ? nil : String(json.utf8.count))
        return try decoding(Array(json.utf8) + binary) { (body) throws(WireError) in
            try OpenInferenceCodec.decode(body, headerLength: header, as: endpoint)
        }
    }

    private func json(input: String, parameters: String = "{}", outputs: String? = nil) -> String {
        "{\"parameters\":\(parameters),\"inputs\":[\(input)]\(outputs.map { ",\"outputs\":[\($0)]" } ?? "")}"
    }

    private let flat = "{\"name\":\"input\",\"shape\":[2,2],\"datatype\":\"FP32\",\"data\":[1,2,3,4]}"
    private let binary =
        "{\"name\":\"input\",\"shape\":[2],\"datatype\":\"INT16\",\"parameters\":{\"binary_data_size\":4}}"

    @Test(arguments: [
        "{\"name\":\"input\",\"shape\":[2,2],\"datatype\":\"FP32\",\"data\":[1,2,3,4]}",
        "{\"name\":\"input\",\"shape\":[2,2],\"datatype\":\"FP32\",\"data\":[[1,2],[3,4]]}",
        "{\"data\":[1,2,3,4],\"datatype\":\"FP32\",\"shape\":[2,2],\"name\":\"input\"}",
    ])
    func `data is flat or nested, and stands anywhere`(_ input: String) throws {
        let tensor = try #require(try decode(json(input: input)).request.tensors[.input])
        #expect(tensor.shape == [2, 2])
        #expect(tensor.elements() == [1, 2, 3, 4] as [Float])
    }

    @Test func `data behind its datatype is read again where the guess was wrong`() throws {
        let input = "{\"data\":[16777217,2],\"datatype\":\"INT64\",\"shape\":[2],\"name\":\"input\"}"
        #expect(try decode(json(input: input)).request.tensors[.input]?.elements() == [16_777_217, 2] as [Int64])
        let wrong = "{\"data\":[1,2.5],\"datatype\":\"INT64\",\"shape\":[2],\"name\":\"input\"}"
        let error = mistake { () throws(WireError) in _ = try decode(json(input: wrong)) }
        #expect(error?.rejection?.field == "inputs/0/data/1")
    }

    @Test func `bare non-finite numbers are read, as Triton's client writes them`() throws {
        let input =
            "{\"name\":\"input\",\"shape\":[4],\"datatype\":\"FP32\",\"data\":[NaN, Infinity, -Infinity, \"NaN\"]}"
        let elements: [Float] = try #require(try decode(json(input: input)).request.tensors[.input]).elements()
        #expect(elements[0].isNaN && elements[3].isNaN)
        #expect(elements[1] == .infinity && elements[2] == -.infinity)
    }

    /// Each text is read by itself, so that 63 of them were 63 times as long as a body may be.
    @Test func `lists in strings have no more values together than a body may have`() throws {
        let list = "1" + String(repeating: ",1", count: 30_000)
        func parameters(_ count: Int) -> String {
            "{" + (0..<count).map { "\"x\($0)\":\"\(list)\"" }.joined(separator: ",") + "}"
        }
        #expect(try decode(json(input: flat, parameters: parameters(3))).request.fields.count == 3)
        let error = mistake { () throws(WireError) in _ = try decode(json(input: flat, parameters: parameters(4))) }
        #expect(error?.rejection?.reason == .resultTooLarge)
        #expect(error?.rejection?.field == "parameters/x3")
    }

    @Test func `parameters are fields, and lists may be strings`() throws {
        let parameters =
            "{\"op\":\"max\",\"kernel\":\"3,3\",\"stride\":2,\"padding\":\"[[0,1],[0,1]]\",\"ceil_mode\":true,"
            + "\"triton_x\":1,\"priority\":0,\"sequence_id\":\"a\",\"timeout\":2500,\"binary_data_output\":true}"
        let decoded = try decode(json(input: flat, parameters: parameters))
        let three = FieldValue.number(FieldNumber(3))
        let pair = FieldValue.list([.number(FieldNumber(0)), .number(FieldNumber(1))])
        #expect(
            decoded.request.fields == [
                Field("op", .string("max")), Field("kernel", .list([three, three])),
                Field("stride", .number(FieldNumber(2))), Field("padding", .list([pair, pair])),
                Field("ceil_mode", .bool(true)),
            ])
        #expect(decoded.timeoutMicroseconds == 2500)
        #expect(decoded.responseOptions.isBinary)
    }

    @Test func `binary data follow the JSON in the order of the inputs`() throws {
        let mask = "{\"name\":\"mask\",\"shape\":[3],\"datatype\":\"BOOL\",\"parameters\":{\"binary_data_size\":3}}"
        let request = try decode(json(input: "\(binary),\(mask)"), binary: [1, 0, 2, 0, 1, 0, 1]).request
        #expect(request.tensors[.input]?.elements() == [1, 2] as [Int16])
        #expect(request.tensors[.mask]?.bytes == [1, 0, 1])
    }

    @Test(arguments: [3, 5])
    func `binary data that do not add up are malformed`(_ count: Int) {
        let bytes = [UInt8](repeating: 0, count: count)
        let error = mistake { () throws(WireError) in _ = try decode(json(input: binary), binary: bytes) }
        #expect(error?.malformation == .request)
    }

    @Test(arguments: ["0", "-1", "99999999999", "99999999999999999999", "1x", "", " 3", "+3"])
    func `a JSON length that cannot be is malformed`(_ length: String) {
        let error = mistake { () throws(WireError) in _ = try decode(json(input: flat), headerLength: length) }
        #expect(error?.malformation == .request)
    }

    @Test(arguments: [
        ("\"shape\":[3],\"datatype\":\"INT16\",\"parameters\":{\"binary_data_size\":4}", "inputs/0/shape"),
        ("\"shape\":[16,1152921504606846978],\"datatype\":\"FP32\",\"data\":[1]", "inputs/0/shape"),
        ("\"shape\":[4,1152921504606846978],\"datatype\":\"FP32\",\"data\":[1]", "inputs/0/shape"),
        ("\"shape\":[-1],\"datatype\":\"FP32\",\"data\":[1]", "inputs/0/shape"),
        ("\"shape\":\"x\",\"datatype\":\"FP32\",\"data\":[1]", "inputs/0/shape"),
        ("\"shape\":[1],\"datatype\":\"BYTES\",\"data\":[\"a\"]", "inputs/0/datatype"),
        ("\"shape\":[1],\"datatype\":\"UINT32\",\"data\":[1]", "inputs/0/datatype"),
        ("\"shape\":[1],\"datatype\":7,\"data\":[1]", "inputs/0/datatype"),
        ("\"shape\":[2],\"datatype\":\"FP32\",\"data\":[1]", "inputs/0/data"),
        ("\"shape\":[2,2],\"datatype\":\"FP32\",\"data\":[[1,2,3,4]]", "inputs/0/data"),
        ("\"shape\":[2],\"datatype\":\"INT8\",\"data\":[1,300]", "inputs/0/data/1"),
        ("\"shape\":[1],\"datatype\":\"FP32\",\"data\":[1e999]", "inputs/0/data/0"),
        ("\"shape\":[1],\"datatype\":\"FP32\"", "inputs/0/data"),
        ("\"shape\":[1],\"datatype\":\"FP32\",\"data\":[1],\"extra\":1", "inputs/0/extra"),
        ("\"shape\":[1],\"datatype\":\"FP32\",\"data\":[1],\"parameters\":{\"x\":1}", "inputs/0/parameters/x"),
    ])
    func `inputs that make no tensor are rejected by name`(_ members: String, _ field: String) {
        let input = "{\"name\":\"input\",\(members)}"
        let error = mistake { () throws(WireError) in _ = try decode(json(input: input)) }
        #expect(error?.rejection?.field == field)
    }

    @Test func `an unknown or repeated input is rejected`() {
        let unknown = flat.replacing("\"input\"", with: "\"INPUT0\"")
        let error = mistake { () throws(WireError) in _ = try decode(json(input: unknown)) }
        #expect(error?.rejection?.field == "inputs/0/name")
        let twice = mistake { () throws(WireError) in _ = try decode(json(input: "\(flat),\(flat)")) }
        #expect(twice?.malformation == .duplicateKey)
    }

    @Test func `shared memory and classification are rejected`() {
        let region =
            "{\"name\":\"input\",\"shape\":[2],\"datatype\":\"INT16\","
            + "\"parameters\":{\"shared_memory_region\":\"r\",\"shared_memory_byte_size\":4}}"
        let shared = mistake { () throws(WireError) in _ = try decode(json(input: region)) }
        #expect(shared?.malformation == .request)
        let classes = json(input: flat, outputs: "{\"name\":\"output\",\"parameters\":{\"classification\":2}}")
        #expect(mistake { () throws(WireError) in _ = try decode(classes) }?.malformation == .request)
    }

    @Test(arguments: [
        ("{\"name\":\"grad_input\"}", "outputs/0/name"), ("{}", "outputs/0/name"),
        ("{\"name\":\"output\",\"parameters\":{\"binary_data\":1}}", "outputs/0/parameters/binary_data"),
        ("{\"name\":\"output\",\"parameters\":{\"x\":1}}", "outputs/0/parameters/x"),
        ("{\"name\":\"output\",\"datatype\":\"FP32\"}", "outputs/0/datatype"), ("3", "outputs/0"),
    ])
    func `outputs that cannot be given are rejected by name`(_ output: String, _ field: String) {
        let error = mistake { () throws(WireError) in _ = try decode(json(input: flat, outputs: output)) }
        #expect(error?.rejection?.field == field)
    }

    @Test func `naming indices among the outputs asks for them`() throws {
        let decoded = try decode(json(input: flat, outputs: "{\"name\":\"output\"},{\"name\":\"indices\"}"))
        #expect(decoded.request.fields == [Field("return_indices", .bool(true))])
    }

    @Test(arguments: ["", "x", "[", "{\"inputs\":[}", "{\"inputs\":[]}x", "{\"id\":\"1\",\"id\":\"2\"}"])
    func `what is no JSON is malformed`(_ body: String) {
        #expect(mistake { () throws(WireError) in _ = try decode(body) }?.malformation != nil)
    }

    @Test func `deep nesting is rejected`() {
        let deep = String(repeating: "[", count: 250_000)
        #expect(mistake { () throws(WireError) in _ = try decode("{\"inputs\":\(deep)") }?.malformation == .tooDeep)
    }

    @Test func `every prefix is rejected and damage does no harm`() {
        let text = json(input: binary, parameters: "{\"op\":\"max\"}", outputs: "{\"name\":\"output\"}")
        let bytes = Array(text.utf8) + [1, 0, 2, 0]
        let length = String(text.utf8.count)
        expectEveryPrefixRejected(bytes) { (body) throws(WireError) in
            _ = try OpenInferenceCodec.decode(body, headerLength: length, as: .forward)
        }
        let rejected = rejectedMutations(of: bytes) { (body) throws(WireError) in
            _ = try OpenInferenceCodec.decode(body, headerLength: length, as: .forward)
        }
        #expect(rejected > 1000)
    }

    // MARK: Answers

    private let result = PoolingResult(
        tensors: [
            .init(.output, .of(.float32, [1, 2], [1.5, .infinity] as [Float])),
            .init(.indices, .of(.int64, [1, 2], [3, -1] as [Int64])),
        ], indexBase: "plane")

    private func response(to json: String) throws -> (text: String, binary: [UInt8], isBinary: Bool) {
        let options = try decode(json).responseOptions
        let encoded = try OpenInferenceCodec.encode(result, for: options)
        let bytes = encoded.body.joined()
        let count = encoded.jsonByteCount ?? bytes.count
        let text = String(decoding: bytes[..<count], as: UTF8.self)
        return (text, Array(bytes[count...]), encoded.mediaType == "application/octet-stream")
    }

    @Test func `a response is JSON unless binary is asked for`() throws {
        let response = try response(to: "{\"id\":\"a\\\"b\",\"inputs\":[]}")
        #expect(!response.isBinary)
        #expect(
            response.text == "{\"id\":\"a\\\"b\",\"model_name\":\"forward\",\"model_version\":\"1\","
                + "\"parameters\":{\"index_base\":\"plane\"},\"outputs\":["
                + "{\"name\":\"output\",\"datatype\":\"FP32\",\"shape\":[1,2],\"data\":[1.5,\"Infinity\"]},"
                + "{\"name\":\"indices\",\"datatype\":\"INT64\",\"shape\":[1,2],\"data\":[3,-1]}]}")
    }

    @Test func `each output may be binary or not, in the order asked for`() throws {
        let response = try response(
            to: json(
                input: flat, parameters: "{\"binary_data_output\":true}",
                outputs: "{\"name\":\"indices\"},{\"name\":\"output\",\"parameters\":{\"binary_data\":false}}"))
        #expect(response.isBinary)
        #expect(response.text.contains("\"parameters\":{\"binary_data_size\":16}},{\"name\":\"output\""))
        #expect(response.text.contains("\"data\":[1.5,\"Infinity\"]"))
        #expect(response.binary == result.tensors[1].tensor.bytes)
    }

    @Test func `an output that the result lacks is rejected`() throws {
        let options = try decode(json(input: flat, outputs: "{\"name\":\"indices\"}")).responseOptions
        let bare = PoolingResult(tensors: [result.tensors[0]])
        let error = mistake { () throws(WireError) in
            _ = try OpenInferenceCodec.encode(bare, for: options)
        }
        #expect(error?.rejection?.field == "outputs/0/name")
    }

    // MARK: Documents

    @Test func `the documents are JSON with the names that clients look for`() throws {
        let server = try members(OpenInferenceMetadata.server(version: "1.0.0"))
        #expect(server.map(\.name) == ["name", "version", "extensions"])
        for model in PoolingRequest.Endpoint.allCases {
            let metadata = try members(OpenInferenceMetadata.model(model))
            #expect(metadata.map(\.name) == ["name", "versions", "platform", "inputs", "outputs"])
            let configuration = try members(OpenInferenceMetadata.configuration(model))
            #expect(configuration.contains(Field("max_batch_size", .number(FieldNumber(0)))))
            let statistics = try members(OpenInferenceStatistics.document([OpenInferenceStatistics(model: model)]))
            #expect(statistics.map(\.name) == ["model_stats"])
        }
        guard case .list(let index) = try written(OpenInferenceMetadata.repositoryIndex()) else {
            Issue.record("the index is a list")
            return
        }
        #expect(index.count == 3)
    }

    /// What a client reads.
    private func written(_ value: FieldValue) throws -> FieldValue {
        try JSONReader.value(of: try JSONCodec.encode(value).joined())
    }

    private func members(_ document: [Field]) throws -> [Field] {
        guard case .object(let members) = try written(.object(document)) else { return [] }
        return members
    }
}
