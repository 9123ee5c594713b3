import Foundation
import PoolingEngine
import RecycledMemory
import Testing

@testable import PoolingWire

func decode(
    _ body: String, as endpoint: PoolingRequest.Endpoint = .forward, allowsBareNonFinite: Bool = false
) throws(WireError) -> DecodedRequest {
    try decode(Array(body.utf8), as: endpoint, allowsBareNonFinite: allowsBareNonFinite)
}

func decode(
    _ body: [UInt8], as endpoint: PoolingRequest.Endpoint = .forward, allowsBareNonFinite: Bool = false
) throws(WireError) -> DecodedRequest {
    // A copy of exactly the body's size, so that the address sanitizer sees a read beyond it.
    let copy = UnsafeMutableRawBufferPointer.allocate(byteCount: body.count, alignment: 1)
    defer { copy.deallocate() }
    copy.copyBytes(from: body)
    return try JSONCodec.decode(UnsafeRawBufferPointer(copy), as: endpoint, allowsBareNonFinite: allowsBareNonFinite)
}

private func elements<Element>(_ tensor: Tensor?, as type: Element.Type) throws -> [Element] {
    try #require(tensor).storage.withUnsafeBytes { Array($0.bindMemory(to: type)) }
}

private func rejection(_ body: String) -> PoolingError? {
    do {
        _ = try decode(body)
    } catch {
        if case .rejected(let rejection) = error { return rejection }
    }
    return nil
}

private func malformation(_ body: [UInt8]) -> (kind: WireError.Malformation, offset: Int?, detail: String)? {
    do {
        _ = try decode(body)
    } catch {
        if case .malformed(let kind, let offset, let detail) = error { return (kind, offset, detail) }
    }
    return nil
}

@Suite struct JSONDecodingTests {
    @Test func `nested lists become a tensor of their depth`() throws {
        let decoded = try decode(#"{"op":"max","input":[[1, 2.5],[ -3e0,"NaN"]],"kernel":null}"#)
        let input = try #require(decoded.request.tensors[.input])
        #expect(input.shape == [2, 2])
        #expect(input.elementType == .float32)
        let values = try elements(input, as: Float.self)
        #expect(values[..<3] == [1, 2.5, -3])
        #expect(values[3].isNaN)
        #expect(decoded.request.fields == [Field("op", .string("max"))])
        #expect(decoded.form == .nested)
    }

    @Test(
        arguments: [
            ("5", []), ("[]", [0]), ("[[],[]]", [2, 0]), ("[[],[],[ ] ,[],[]]", [5, 0]),
            ("[[[],[]],[[],[]]]", [2, 2, 0]), ("[[[1]],[[2]]]", [2, 1, 1]), (" [ 1 , 2 ] ", [2]),
        ] as [(String, [Int])])
    func `a shape is read off the lists`(_ text: String, _ shape: [Int]) throws {
        #expect(try decode(#"{"input":\#(text)}"#).request.tensors[.input]?.shape == shape)
    }

    @Test func `truths between lists are rejected, too`() {
        let rejection = rejection(#"{"input":[1],"mask":[[true,false],[0,1],false]}"#)
        #expect(rejection?.reason == .raggedArray)
        #expect(rejection?.field == "mask/2")
    }

    @Test(arguments: [
        ("[[1,2],[3]]", "input/1"), ("[[1],2]", "input/1"), ("[1,[2]]", "input/1"), ("[[],[1]]", "input/1"),
        ("[[],[],2]", "input/2"), ("[[],[],[[]]]", "input/2/0"),
        ("[[[],[]],[[],[],[]]]", "input/1"),
        ("[[[1]],[]]", "input/1"), ("[[[1,2],[3,4]],[[1,2],[3,4,5]]]", "input/1/1"), (#"[[1],"NaN"]"#, "input/1"),
        (#"[[[1]],["Infinity"]]"#, "input/1/0"),
    ])
    func `ragged lists are rejected where they show`(_ text: String, _ pointer: String) {
        let rejection = rejection(#"{"input":\#(text)}"#)
        #expect(rejection?.reason == .raggedArray)
        #expect(rejection?.field == pointer)
    }

    @Test(arguments: [
        #""shape":[2,2],"dtype":"int8","data":[1,2,3,4]"#, #""data":[1,2,3,4],"dtype":"int8","shape":[2,2]"#,
        #""dtype":"int8","b64":"AQIDBA==","shape":[2,2]"#, #""shape":[2,2],"b64":"AQID\u0042A==","dtype":"int8""#,
    ])
    func `a tensor object takes its members in any order`(_ members: String) throws {
        let decoded = try decode(#"{"input":{\#(members)}}"#)
        let input = try #require(decoded.request.tensors[.input])
        #expect(input.elementType == .int8)
        #expect(input.shape == [2, 2])
        #expect(try elements(input, as: Int8.self) == [1, 2, 3, 4])
        #expect(decoded.form == (members.contains("b64") ? .b64 : .flat))
    }

    @Test func `a dtype after the tensors still decides how they are read`() throws {
        let late = try decode(#"{"input":[9007199254740993],"weights":{"shape":[1],"data":[300]},"dtype":"int64"}"#)
        #expect(try elements(late.request.tensors[.input], as: Int64.self) == [9_007_199_254_740_993])
        #expect(late.request.tensors[.weights]?.elementType == .int64)
        let wide = try decode(#"{"input":[1e300],"dtype":"float64"}"#)
        #expect(try elements(wide.request.tensors[.input], as: Double.self) == [1e300])
        #expect(rejection(#"{"input":[1.5],"dtype":"int8"}"#)?.field == "input/0")
        #expect(rejection(#"{"input":[1e39]}"#)?.reason == .notRepresentable)
    }

    @Test func `other tensors have their own types`() throws {
        let tensors = try decode(
            #"{"mask":[true,false,1,0],"lengths":3,"rois":[[0,1.5]],"indices":[-1],"dtype":"float16","input":[-0.0]}"#
        ).request.tensors
        #expect(try elements(tensors[.mask], as: UInt8.self) == [1, 0, 1, 0])
        #expect(tensors[.lengths]?.shape == [])
        #expect(try elements(tensors[.rois], as: Double.self) == [0, 1.5])
        #expect(try elements(tensors[.indices], as: Int64.self) == [-1])
        #expect(try elements(tensors[.input], as: UInt16.self) == [0x8000])
    }

    @Test(
        arguments: [
            (#"{"dtype":"int8","input":[300]}"#, .notRepresentable, "input/0"),
            (#"{"dtype":"int8","input":[[1],[1.5]]}"#, .notRepresentable, "input/1/0"),
            (#"{"dtype":"int8","input":["NaN"]}"#, .notRepresentable, "input/0"),
            (#"{"dtype":"int64","input":[9223372036854775808]}"#, .notRepresentable, "input/0"),
            (#"{"dtype":"float16","input":[65520]}"#, .notRepresentable, "input/0"),
            (#"{"dtype":"float64","input":[1e999]}"#, .notRepresentable, "input/0"),
            (#"{"mask":[2]}"#, .notRepresentable, "mask/0"),
            (#"{"input":[1,"a"]}"#, .wrongType, "input/1"), (#"{"input":[true]}"#, .wrongType, "input/0"),
            (#"{"input":[null]}"#, .wrongType, "input/0"), (#"{"input":[{}]}"#, .wrongType, "input/0"),
            (#"{"input":"abc"}"#, .wrongType, "input"), (#"{"input":true}"#, .wrongType, "input"),
            (#"{"input":{}}"#, .missingField, "input/shape"),
            (#"{"input":{"shape":[1]}}"#, .missingField, "input/data"),
            (#"{"input":{"shape":[1],"data":[1],"b64":""}}"#, .unsupportedCombination, "input/b64"),
            (#"{"input":{"shape":[1],"data":[1],"x/y":2}}"#, .unknownField, "input/x~1y"),
            (#"{"input":{"shape":[3],"data":[1,2]}}"#, .shapeMismatch, "input/data"),
            (#"{"input":{"shape":[1],"data":[[1]]}}"#, .wrongRank, "input/data"),
            (#"{"input":{"shape":[-1],"data":[1]}}"#, .outOfRange, "input/shape/0"),
            (#"{"input":{"shape":[1,1.5],"data":[1]}}"#, .notRepresentable, "input/shape/1"),
            (#"{"input":{"shape":[4294967296,4294967296],"data":[1]}}"#, .outOfRange, "input/shape"),
            (#"{"input":{"shape":[4294967296,0,4294967296],"data":[]}}"#, .outOfRange, "input/shape"),
            (#"{"input":{"shape":[2],"data":[1,"x"]}}"#, .wrongType, "input/data/1"),
            (#"{"input":{"shape":[1],"dtype":"bool","data":[2]}}"#, .notRepresentable, "input/data/0"),
            (#"{"input":{"shape":[1],"dtype":32,"data":[1]}}"#, .wrongType, "input/dtype"),
            (#"{"input":{"shape":[1],"b64":"AAA"}}"#, .wrongLength, "input/b64"),
            (#"{"input":{"shape":[1],"b64":"AAA*AA=="}}"#, .wrongType, "input/b64"),
            (#"{"input":{"shape":[1],"b64":"AAAAAB=="}}"#, .wrongType, "input/b64"),
            (#"{"input":{"shape":[1],"b64":"AAAA"}}"#, .shapeMismatch, "input/b64"),
            (#"{"mask":{"shape":[1],"b64":"Ag=="}}"#, .notRepresentable, "mask/b64"),
            (#"{"dtype":1}"#, .wrongType, "dtype"),
            (#"{"response_form":"nest"}"#, .unknownValue, "response_form"),
            (#"{"padding":[[1,1e999]]}"#, .notRepresentable, "padding/0/1"), ("[]", .wrongType, ""),
        ] as [(String, PoolingError.Reason, String)])
    func `what is well-formed and wrong is rejected at its place`(
        _ body: String, _ reason: PoolingError.Reason, _ pointer: String
    ) {
        let rejection = rejection(body)
        #expect(rejection?.reason == reason)
        #expect(rejection?.field == pointer)
    }

    @Test func `a misspelt dtype is rejected with the nearest one`() {
        #expect(rejection(#"{"dtype":"flaot16"}"#)?.detail.contains("did you mean 'float16'?") == true)
    }

    @Test(arguments: [
        ("", 0), ("{'op':1}", 1), (#"{"a":[1 2]}"#, 8), (#"{"input":[1 2]}"#, 12), (#"{"input":[01]}"#, 11),
        (#"{"input":[0x10]}"#, 11), (#"{"input":[1,]}"#, 12), (#"{"input":[NaN]}"#, 10), (#"{"a":nul}"#, 5),
        (#"{"a":"\x41"}"#, 6), (#"{"a":"\ud800"}"#, 6), (#"{"a":"\udc00\ud800"}"#, 6), (#"{"a":"\ud800\u0041"}"#, 6),
        (#"{"a":1}x"#, 7), (#"{"a":1,}"#, 7), ("{\"a\":\"\n\"}", 6), (#"{"a":1]"#, 6), ("\u{feff}{}", 0),
        (#"{"input":[[1],[2]}"#, 17), (#"{"a":-}"#, 6), (#"{"a":1.e3}"#, 7), (#"{"a"}"#, 4), (#"{a:1}"#, 1),
        (#"{"input":[[1,2],[3]],"x":}"#, 25), (#"{"dtype":"no","x":tru}"#, 18),
    ])
    func `what is no JSON is malformed at its byte`(_ body: String, _ offset: Int) {
        let mistake = malformation(Array(body.utf8))
        #expect(mistake?.kind == .json)
        #expect(mistake?.offset == offset)
        #expect(mistake?.detail.contains(String(offset)) == true)
    }

    @Test(arguments: [
        ("", "the request body is empty (byte 0)"),
        (#"{"input":[1,NaN]}"#, #"NaN is not valid JSON; write "NaN" (byte 12)"#),
        (#"{"input":[-Infinity]}"#, #"-Infinity is not valid JSON; write "-Infinity" (byte 10)"#),
        (#"{"q":nan}"#, #"nan is not valid JSON; write "NaN" (byte 5)"#),
        (#"{"q":-inf}"#, #"-inf is not valid JSON; write "-Infinity" (byte 5)"#),
        (#"{"a":True}"#, "True is not valid JSON; write true (byte 5)"),
        (#"{"a":None}"#, "None is not valid JSON; write null (byte 5)"),
        ("{'a':1}", "expected a name in double quotes, got a single quote (byte 1)"),
        (#"{"a":1"#, "expected ',' or '}', got the end of the JSON (byte 6)"),
        (#"{"a":nul}"#, "expected a value, got 'n' (byte 5)"),
        ("\u{89}PNG", "expected a value, got byte value 194 (byte 0)"),
    ])
    func `a malformed body is told what to write`(_ body: String, _ detail: String) {
        #expect(malformation(Array(body.utf8))?.detail == detail)
    }

    private static let files: [([UInt8], String)] = [
        ([0x89] + "PNG\r\n".bytes, "a PNG"), ([0xff, 0xd8, 0xff, 0xe0], "a JPEG"), ([0x1f, 0x8b, 8], "gzip data"),
        ([0x93] + "NUMPY".bytes, "an npy file"),
    ]

    @Test(arguments: files)
    func `a file sent as JSON is called what it is`(_ body: [UInt8], _ kind: String) {
        let mistake = malformation(body)
        #expect(mistake?.offset == 0)
        #expect(mistake?.detail.hasPrefix("expected JSON, got \(kind);") == true)
    }

    private static let texts: [([UInt8], String)] = [
        ([0xef, 0xbb, 0xbf] + "{}".bytes, "the body starts with a byte-order mark; send UTF-8 without one (byte 0)"),
        ([0xff, 0xfe] + "{\0}\0".bytes, "the body is UTF-16; send UTF-8 (byte 0)"),
        ("\0{\0}".bytes, "the body is UTF-16; send UTF-8 (byte 0)"),
        ("{\0\"\0".bytes, "the body is UTF-16; send UTF-8 (byte 0)"),
        (
            "op=max&kernel=2".bytes,
            "the body is form data ('op=…'); send JSON, such as "
                + #"{"op":"max","kernel":2,"input":[[1,2],[3,4]]} (byte 0)"#
        ),
    ]

    @Test(arguments: texts)
    func `text that is not JSON in UTF-8 is called what it is`(_ body: [UInt8], _ detail: String) {
        #expect(malformation(body)?.detail == detail)
    }

    @Test func `a name that is there again is told so`() {
        #expect(
            malformation(Array(#"{"op":1,"op":2}"#.utf8))?.detail
                == #"the name "op" appears twice in one object (byte 8)"#)
    }

    @Test(arguments: [
        (#"{"input":[1,"a"]}"#, "expected a number (float32), got a string"),
        (#"{"mask":[1,"a"]}"#, "expected true, false, 0 or 1, got a string"),
        (#"{"input":[[1,2],[3]]}"#, "the list has length 1, the lists before it 2"),
        (#"{"input":[1e39]}"#, "float32 cannot hold 1e39"),
        (#"{"mask":[2]}"#, "expected true, false, 0 or 1, got 2"),
        (#"{"indices":["NaN"]}"#, "'indices' are whole numbers; got NaN"),
        (#"{"indices":[0.5]}"#, "'indices' are whole numbers; got 0.5"),
        (#"{"indices":[1e30]}"#, "int64 cannot hold 1e30"),
        (#"{"dtype":"int8","input":[0.5]}"#, "int8 cannot hold 0.5"),
        (#"{"input":[[1],2]}"#, "element [1] is a number; element [0] is a list"),
        (#"{"input":[[[1]],[2]]}"#, "element [1][0] is a number; element [0][0] is a list"),
        (#"{"input":[1,[2]]}"#, "element [1] is a list; element [0] is a number"),
        (#"{"input":[[],[[1]]]}"#, "element [1][0] is a list; the first list at its depth is empty"),
        (
            #"{"input":{"shape":[2],"data":[1]}}"#,
            "the shape [2] needs 2 numbers (8 bytes of float32), got 1 (4 bytes)"
        ),
        (
            #"{"input":{"sizes":[2],"data":[1]}}"#,
            "a tensor object has no 'sizes'; it has 'shape', 'dtype', and 'data' or 'b64'; did you mean 'shape'?"
        ),
        (
            #"{"dtype":"FP32"}"#,
            "'dtype' is 'FP32'; it must be float32, float64, float16, bfloat16, int8, uint8, int16, uint16, int32, "
                + "int64 or bool; did you mean 'float32'?"
        ),
    ])
    func `a wrong value is told what was expected`(_ body: String, _ detail: String) {
        #expect(rejection(body)?.detail == detail)
    }

    @Test func `invalid UTF-8 is malformed`() {
        for bytes in [[0xff], [0xc0, 0x80], [0xed, 0xa0, 0x80], [0xe2, 0x82]] as [[UInt8]] {
            #expect(malformation(Array(#"{"a":""#.utf8) + bytes + Array(#""}"#.utf8))?.offset == 6)
        }
    }

    @Test(arguments: [
        #"{"a":1,"a":2}"#, #"{"a":1,"\u0061":2}"#, #"{"x":{"b":1,"b":1}}"#, #"{"input":{"shape":[],"shape":[]}}"#,
        #"{"input":null,"input":[1]}"#, #"{"input":[{"a":1,"a":1}]}"#,
    ])
    func `a name that stands twice is malformed`(_ body: String) {
        #expect(malformation(Array(body.utf8))?.kind == .duplicateKey)
    }

    @Test func `nesting deeper than the limit is malformed wherever it stands`() throws {
        func nested(_ name: String, _ depth: Int) -> [UInt8] {
            let brackets = String(repeating: "[", count: depth) + "1" + String(repeating: "]", count: depth)
            return Array(#"{"\#(name)":\#(brackets)}"#.utf8)
        }
        for name in ["input", "padding"] {
            #expect(malformation(nested(name, 64))?.kind == .tooDeep)
            _ = try decode(nested(name, 63))
        }
        #expect(malformation([UInt8](repeating: UInt8(ascii: "["), count: 100_000))?.kind == .tooDeep)
    }

    @Test func `bare NaN is taken where it is allowed`() throws {
        let body = #"{"input":[NaN,-Infinity,Infinity,-1]}"#
        let values = try elements(decode(body, allowsBareNonFinite: true).request.tensors[.input], as: Float.self)
        #expect(values[0].isNaN)
        #expect(values[1...] == [-.infinity, .infinity, -1])
    }

    @Test func `fields keep their order, exact numbers and decoded strings`() throws {
        let fields = try decode(
            #"{"seed":18446744073709551615,"q":0.5,"k":[1.0,{"\u00e9\ud83d\ude00\/":null}],"s":"a\n"}"#
        ).request.fields
        #expect(fields.map(\.name) == ["seed", "q", "k", "s"])
        #expect(fields[0].value == .number(FieldNumber(value: 0x1p64, whole: Int128(UInt64.max))))
        #expect(fields[2].value == .list([.number(FieldNumber(1)), .object([Field("é😀/", .null)])]))
        #expect(fields[3].value == .string("a\n"))
    }

    @Test(arguments: [
        #"\u00g0"#, #"\u00"#, #"\u00 0"#, #"\ud83d"#, #"\ud83d\u0041"#, #"\ud83dxx0041"#, #"\ude00"#, #"\x"#, #"\"#,
    ]) func `an escape that names no character is malformed`(_ escape: String) {
        #expect(malformation(Array(#"{"op":"a\#(escape)"}"#.utf8))?.kind == .json)
        #expect(malformation(Array(#"{"op":"a\#(escape)"#.utf8))?.kind == .json)
    }

    @Test func `too many values outside of tensors are rejected`() {
        let list = "[" + String(repeating: "1,", count: JSONReader.keptValueLimit) + "1]"
        #expect(rejection(#"{"kernel":\#(list)}"#)?.reason == .resultTooLarge)
    }
}

@Suite struct JSONRobustnessTests {
    private static let bodies = [
        #"{"op":"max","kernel":[2,2],"input":[[1,-2.5],[3e2,"NaN"]],"x":{"a":[true,null,"\ud83d\ude00é"]}}"#,
        #"{"input":{"shape":[2,2],"dtype":"int8","data":[1,2,3,4]},"dtype":"float64","mask":[true,0]}"#,
        #"{"grad_output":{"b64":"AQIDBA==","shape":[4],"dtype":"uint8"},"response_form":"flat","lengths":3}"#,
        #"{"input":[0.123456789012345678901234567890,1234567.12345678,12345678,0.0001,1e-5,100],"dtype":"float32"}"#,
    ]

    @Test(arguments: bodies)
    func `every beginning of a request is malformed and the whole is not`(_ body: String) throws {
        _ = try decode(body)
        let bytes = Array(body.utf8)
        for count in bytes.indices {
            #expect(malformation(Array(bytes[..<count]))?.kind == .json, "\(count)")
        }
    }

    @Test(arguments: bodies)
    func `damaged requests are rejected without harm`(_ body: String) {
        var bits = RepeatableBits(state: 5)
        let pieces = Array(#"[]{}",:-.e0123456789truefalsnN\u"#.utf8)
        for _ in 0..<1500 {
            var bytes = Array(body.utf8)
            for _ in 0...Int.random(in: 0..<4, using: &bits) {
                let place = Int.random(in: bytes.indices, using: &bits)
                switch Int.random(in: 0..<4, using: &bits) {
                case 0: bytes[place] = UInt8.random(in: 0...255, using: &bits)
                case 1: bytes.insert(pieces.randomElement(using: &bits) ?? 0, at: place)
                case 2 where bytes.count > 1: bytes.remove(at: place)
                default: bytes[place] = pieces.randomElement(using: &bits) ?? 0
                }
            }
            let isJSON = (try? JSONSerialization.jsonObject(with: Data(bytes))) != nil
            let isRejected = malformation(bytes) != nil || rejection(String(decoding: bytes, as: UTF8.self)) != nil
            // Foundation takes more than RFC 8259 does, but no number beyond float64, so that only this holds.
            #expect(isJSON || isRejected, "\(String(decoding: bytes, as: UTF8.self))")
        }
    }

    @Test(arguments: ["torch", "tensorflow", "onnx", "misc"])
    func `every golden request is read`(_ file: String) throws {
        let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appendingPathComponent("../../PoolingServiceTests/Golden/\(file).jsonl")
        for line in try String(contentsOf: folder, encoding: .utf8).split(separator: "\n") {
            let golden = try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
            let path = try #require(golden["endpoint"] as? String)
            // A shape query has no tensors.
            if path == "/v1/shape" { continue }
            let endpoint = try #require(PoolingRequest.Endpoint(rawValue: String(path.dropFirst(4))), "\(path)")
            let request = try JSONSerialization.data(withJSONObject: try #require(golden["request"]))
            let decoded = try decode(Array(request), as: endpoint)
            #expect(!decoded.request.tensors.isEmpty)
        }
    }
}
