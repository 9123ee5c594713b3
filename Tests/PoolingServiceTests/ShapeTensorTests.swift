import MicroHTTP
import Testing

@testable import PoolingService

/// Tensors of shape queries, which shapes and counts depend on, in every form.
@Suite struct ShapeTensorTests {
    private static let query = #""input_shape":[1,2,8,8],"op":"max","stride":1"#
    /// Two rows of three: 0, −∞, 0, 0, 0, 0, of which one takes no part.
    private static let numbers: [Float] = [0, -.infinity, 0, 0, 0, 0]

    private static func base64<Number>(_ numbers: [Number]) -> String {
        TensorFiles.base64(numbers.withUnsafeBytes { Array($0) })
    }

    private static let forms = [
        #"[[0,"-Infinity",0],[0,0,0]]"#,
        #"{"shape":[2,3],"data":[0,"-Infinity",0,0,0,0]}"#,
        #"{"shape":[2,3],"b64":"\#(base64(numbers))"}"#,
        #"{"b64":"\#(base64(numbers.map(Double.init)))","dtype":"float64","shape":[2,3]}"#,
    ]

    @Test(arguments: forms) func `a structure counts the same in every form`(_ structure: String) throws {
        let service = try DirectService()
        let expected = service.post("/v1/shape", "{\(Self.query),\"structure\":\(Self.forms[0])}").text
        let responses = [
            "{\(Self.query),\"structure\":\(structure)}",
            #"{"input_shape":[1,2,8,8],"ops":[{"op":"max","structure":\#(structure)}],"kernel":[2,3],"stride":1}"#,
        ].map { service.post("/v1/shape", $0).text }
        #expect(responses == [expected, expected])
        let stack = service.post(
            "/v1/shape", #"{"input_shape":[1,2,8,8],"layers":[{"op":"max","stride":1,"structure":\#(structure)}]}"#)
        #expect(stack.text.contains(#""layers":[\#(expected)]"#), "\(stack.text)")
        let batch = service.post(
            "/v1/batch", #"{"requests":[{"endpoint":"shape",\#(Self.query),"structure":\#(structure)}]}"#)
        #expect(batch.text == #"{"responses":[{"status":200,"body":\#(expected)}]}"#)
    }

    @Test func `base64 is of the query's dtype, whichever comes first`() throws {
        let service = try DirectService()
        let structure = #""structure":{"shape":[2,3],"b64":"\#(Self.base64(Self.numbers.map(Double.init)))"}"#
        let (before, after) = (
            service.post("/v1/shape", #"{"dtype":"float64",\#(Self.query),\#(structure)}"#),
            service.post("/v1/shape", #"{\#(Self.query),\#(structure),"dtype":"float64"}"#)
        )
        #expect(before.status == 200 && before.text == after.text)
        #expect(service.post("/v1/shape", #"{\#(Self.query),\#(structure)}"#).status == 422)
    }

    @Test func `footprints and masks are read from base64`() throws {
        let service = try DirectService()
        for (name, fields) in [
            ("footprint", Self.query), ("mask", #""input_shape":[2,3],"op":"max","region":"global""#),
        ] {
            let responses = [
                "[[true,false,true],[true,true,true]]", #"{"shape":[2,3],"b64":"AQABAQEB"}"#,
                #"{"shape":[2,3],"dtype":"uint8","data":[1,0,1,1,1,1]}"#,
            ].map { service.post("/v1/shape", "{\(fields),\"\(name)\":\($0)}") }
            #expect(
                responses.allSatisfy { $0.status == 200 && $0.text == responses[0].text }, "\(responses.map(\.text))")
        }
    }

    @Test(arguments: [
        (#""kernel":[3,3],"structure":[[0,0],[0,0]]"#, "shape_mismatch", "/structure"),
        (#""kernel":[2,2],"structure":[[[0,0],[0,0]],[[0,0],[0,0]],[[0,0],[0,0]]]"#, "shape_mismatch", "/structure"),
        (#""structure":{"shape":[2,2],"b64":"AAAA"}"#, "shape_mismatch", "/structure/b64"),
        (#""structure":{"shape":[2,2],"b64":"?"}"#, "wrong_length", "/structure/b64"),
        (#""structure":[["-Infinity","-Infinity"]]"#, "out_of_range", "/structure"),
    ]) func `a structure that no request could have is rejected`(
        _ fields: String, _ code: String, _ pointer: String
    ) throws {
        let response = try DirectService().post("/v1/shape", "{\(Self.query),\(fields)}")
        #expect(response.status == 422)
        #expect(response.text.contains(#""code":"\#(code)","pointer":"\#(pointer)""#), "\(response.text)")
    }

    @Test func `a parameter per channel has as many numbers as the input has channels`() throws {
        let service = try DirectService()
        let query = #"{"input_shape":[1,2,8,8],"op":"power_avg","region":"global","p":"#
        #expect(service.post("/v1/shape", query + "[2,3]}").status == 200)
        #expect(service.post("/v1/shape", query + "[2,3,4]}").text.contains(#""code":"wrong_length""#))
    }
}
