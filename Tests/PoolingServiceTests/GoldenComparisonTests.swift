import PoolingTestKit
import Testing

/// Holds the comparer itself to its rules, because one that is too kind would let every case pass.
@Suite struct GoldenComparisonTests {
    private func mismatch(want: String, got: String, rtol: String = "0", request: String = "{}") throws -> String? {
        let text = """
            {"name":"a/b/1","endpoint":"/","request":\(request),"response":\(want),"rtol":\(rtol),"atol":0}
            """
        let golden = try GoldenCase(GoldenJSON(Array(text.utf8)))
        return golden.mismatch(status: 200, headers: [:], body: Array(got.utf8))
    }

    @Test(arguments: [
        (#"{"output":[[1,2]]}"#, #"{"output":[[1.0,2]],"more":1}"#),
        (#"{"output":["NaN","-Infinity"]}"#, #"{"output":["NaN","-Infinity"]}"#),
        (#"{"output":[0.1]}"#, #"{"output":[0.10000000149011612]}"#),
        (#"{"layers":[{"jump":[2]}]}"#, #"{"layers":[{"jump":[2],"start":[0.5]}]}"#),
        (#"{"input_max":[null]}"#, #"{"input_max":[null]}"#),
        (
            #"{"output":{"shape":[2],"dtype":"float32","b64":"AAAAgAAAwH8="}}"#,
            #"{"output":{"dtype":"float32","shape":[2],"b64":"AAAAgP///38="}}"#
        ),
    ])
    func `what is the same is taken`(_ want: String, _ got: String) throws {
        #expect(try mismatch(want: want, got: got) == nil)
    }

    @Test(arguments: [
        (#"{"output":[0.0]}"#, #"{"output":[-0.0]}"#, "element 0"),
        (#"{"output":[1]}"#, #"{"output":[1.0000001192092896]}"#, "element 0"),
        (#"{"output":[1]}"#, #"{"output":[[1]]}"#, "shape"),
        (#"{"output":[1]}"#, #"{"output":{"shape":[1],"dtype":"float32","data":[1]}}"#, "form"),
        (
            #"{"output":{"shape":[1],"dtype":"int8","data":[1]}}"#,
            #"{"output":{"shape":[1],"dtype":"uint8","data":[1]}}"#, "dtype"
        ),
        (#"{"output":[1]}"#, #"{"output":["NaN"]}"#, "element 0"),
        (#"{"output":["Infinity"]}"#, #"{"output":["-Infinity"]}"#, "element 0"),
        (#"{"output":[1,[2]]}"#, #"{"output":[1,[2]]}"#, "ragged"),
        (#"{"indices":[9007199254740993]}"#, #"{"indices":[9007199254740992]}"#, "element 0"),
        (#"{"indices":[1]}"#, #"{"indices":[1.0]}"#, "no int64"),
        (#"{"windows":9007199254740993}"#, #"{"windows":9007199254740992}"#, "want"),
        (#"{"output_shape":[1,2]}"#, #"{"output_shape":[1]}"#, "want"),
        (#"{"output":[1]}"#, #"{"outputs":[1]}"#, "missing"),
        (#"{"output":[1]}"#, #"{"output":[1]"#, "not JSON"),
    ])
    func `what differs is told apart`(_ want: String, _ got: String, _ word: String) throws {
        #expect(try mismatch(want: want, got: got)?.contains(word) == true)
    }

    @Test func `a tolerance is relative to what is wanted`() throws {
        #expect(try mismatch(want: #"{"output":[1000]}"#, got: #"{"output":[1000.9]}"#, rtol: "1e-3") == nil)
        #expect(try mismatch(want: #"{"output":[1000]}"#, got: #"{"output":[1001.1]}"#, rtol: "1e-3") != nil)
        #expect(try mismatch(want: #"{"output":["Infinity"]}"#, got: #"{"output":[3e38]}"#, rtol: "1e-3") != nil)
    }

    @Test func `nested numbers are read as the type that the request names`() throws {
        let brain = #"{"dtype":"bfloat16"}"#
        // 1.00390625 lies halfway between the bfloat16 numbers 1 and 1.0078125, and goes to the even one.
        #expect(try mismatch(want: #"{"output":[1]}"#, got: #"{"output":[1.00390625]}"#, request: brain) == nil)
        #expect(try mismatch(want: #"{"output":[1]}"#, got: #"{"output":[1.004]}"#, request: brain) != nil)
        #expect(
            try mismatch(want: #"{"output":[1]}"#, got: #"{"output":[1.0]}"#, request: #"{"dtype":"int32"}"#) != nil)
    }

    @Test func `a request is sent as it was recorded`() throws {
        let text = #"{"name":"a","endpoint":"/x","request":{"a": -0.0,"b":18446744073709551615},"status":[413,422]}"#
        let golden = try GoldenCase(GoldenJSON(Array(text.utf8)))
        #expect(String(decoding: golden.request.body, as: UTF8.self) == #"{"a": -0.0,"b":18446744073709551615}"#)
        #expect(golden.request.method == "POST")
        #expect(golden.request.headers == ["Content-Type": "application/json"])
    }

    @Test(arguments: [
        (422, #"{"code":"c","pointer":"/input/0","detail":"at byte 12 of word"}"#, true),
        (422, #"{"code":"c","pointer":"/input/0","detail":"at byte 14 of word"}"#, false),
        (422, #"{"code":"d","pointer":"/input/0","detail":"at byte 12 of word"}"#, false),
        (422, #"{"code":"c","pointer":"/kernel","detail":"at byte 12 of word"}"#, false),
        (422, #"{"code":"c","pointer":"/input","detail":"at byte 12"}"#, false),
        (400, #"{"code":"c","pointer":"/input/0","detail":"at byte 12 of word"}"#, false),
    ])
    func `a rejection must have its status, code, pointer, words and offset`(
        _ status: Int, _ body: String, _ isRight: Bool
    ) throws {
        let text = """
            {"name":"a","endpoint":"/","body":"","status":422,"code":"c","pointer":"/input","detail":["word"],"offset":11}
            """
        let golden = try GoldenCase(GoldenJSON(Array(text.utf8)))
        #expect((golden.mismatch(status: status, headers: [:], body: Array(body.utf8)) == nil) == isRight)
    }

    @Test func `stored gzip is what gzip writes without compressing`() {
        // printf a | gzip -n, with the compressed block replaced by a stored one.
        let expected: [UInt8] = [
            0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 255, 1, 1, 0, 0xFE, 0xFF, 0x61, 0x43, 0xBE, 0xB7, 0xE8, 1, 0, 0, 0,
        ]
        #expect(StoredGzip.compress(Array("a".utf8)) == expected)
    }
}
