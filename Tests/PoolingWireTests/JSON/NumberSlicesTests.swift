import PoolingEngine
import RecycledMemory
import Synchronization
import Testing

@testable import PoolingWire

@Suite struct NumberSlicesTests {
    private static let sliceByteCount = 16 << 10
    /// Long enough for several slices.
    private static let numbers = (0..<8_000).map { "\(Float($0 % 977) * 0.37 - 100)\($0 % 7 == 0 ? "e-3" : "")" }

    /// Calls the slices in an order that nobody expects.
    private func check(_ list: String, dtype: String = "float32", isSliced: Bool = true) {
        let body = #"{"op":"max","kernel":2,"dtype":"\#(dtype)","input":{"shape":[1],"data":"# + list + #"},"x":[1]}"#
        let calls = Mutex(0)
        Array(body.utf8).withUnsafeBytes { bytes in
            let expected = outcome { () throws(WireError) in try JSONCodec.decode(bytes, as: .forward) }
            let found = outcome { () throws(WireError) in
                var workspace = Workspace { count, body in
                    calls.withLock { $0 += count }
                    (0..<count).reversed().forEach(body)
                }
                workspace.sliceByteCount = Self.sliceByteCount
                return try JSONCodec.decode(bytes, as: .forward, in: workspace)
            }
            // Without the difference, which would be as long as the body.
            #expect(found == expected ? true : false, "\(expected.prefix(200))")
        }
        #expect(calls.withLock { $0 > 0 } == isSliced)
    }

    private func checkNested(_ list: String) {
        let body = #"{"op":"max","kernel":2,"input":"# + list + "}"
        Array(body.utf8).withUnsafeBytes { bytes in
            let expected = outcome { () throws(WireError) in try JSONCodec.decode(bytes, as: .forward) }
            let found = outcome { () throws(WireError) in
                var workspace = Workspace { count, body in (0..<count).forEach(body) }
                workspace.sliceByteCount = Self.sliceByteCount
                return try JSONCodec.decode(bytes, as: .forward, in: workspace)
            }
            #expect(found == expected ? true : false, "\(expected.prefix(200))")
        }
    }

    @Test(arguments: [",", ", ", " ,", ",\n  "]) func `slices read what one reader reads`(_ separator: String) {
        let list = Self.numbers.joined(separator: separator)
        checkNested("[\(list)]")
        checkNested("[[\(list)],[\(list)]]")
        checkNested("[[\(list)],[\(list)]")
        checkNested("[1,2,3]")
        check("[\(list)]")
        check("[ \(list) ]", dtype: "float64")
    }

    @Test(arguments: [
        "\"NaN\"", "true", "null", "1e39", "1e999", "01", "1.", "-", "", "\"a,b\"", "\"]\"", "[1]", "{}", "1 2",
        "12345678901234567890123456789", "1E+2", "]", "NaN",
    ]) func `what is no plain number is found where it stands`(_ odd: String) {
        for place in [0, 1, 2_700, 4_000, 7_900, 7_999] {
            var numbers = Self.numbers
            numbers[place] = odd
            checkNested("[\(numbers.joined(separator: ","))]")
        }
    }

    @Test func `whole numbers and short lists are read too`() {
        check("[\((0..<20_000).map { "\($0 % 128)" }.joined(separator: ","))]", dtype: "int8")
        check("[\((0..<20_000).map { "\($0 % 129)" }.joined(separator: ","))]", dtype: "int8")
        check("[\(String(repeating: ",", count: 50_000))]")
        check("[1,2]", isSliced: false)
    }

    @Test func `slices write what one writer writes`() throws {
        for count in [1, 32_767, 32_768, 100_000] {
            let tensor = Tensor(elementType: .float32, shape: [count])
            tensor.storage.withUnsafeMutableBytes { bytes in
                for (index, place) in bytes.bindMemory(to: Float.self).indices.enumerated() {
                    bytes.bindMemory(to: Float.self)[place] = Float(index % 1013) * 0.173 - 50
                }
            }
            let result = PoolingResult(tensors: [.init(.output, tensor)])
            for form in TensorForm.allCases {
                let calls = Mutex(0)
                let workspace = Workspace { count, body in
                    calls.withLock { $0 += count }
                    (0..<count).reversed().forEach(body)
                }
                let expected = try JSONCodec.encode(result, form: form).joined()
                let found = try JSONCodec.encode(result, form: form, in: workspace).joined()
                #expect((calls.withLock { $0 } > 1) == (form != .b64 && count >= 32_768))
                #expect(found == expected ? true : false)
            }
        }
    }
}
