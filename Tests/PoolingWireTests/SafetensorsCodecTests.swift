import PoolingEngine
import RecycledMemory
import Testing

@testable import PoolingWire

@Suite struct SafetensorsCodecTests {
    private func tensors(_ bytes: [UInt8], misalignment: Int = 0) throws(WireError) -> [TensorName: Tensor] {
        try decoding(bytes, misalignment: misalignment) { (body) throws(WireError) in
            try SafetensorsCodec.decode(body, parameters: .none, as: .forward).tensors
        }
    }

    private func file(_ header: String, data: Int = 0) -> [UInt8] {
        withUnsafeBytes(of: UInt64(header.utf8.count).littleEndian) { Array($0) } + Array(header.utf8)
            + [UInt8](repeating: 0, count: data)
    }

    @Test(arguments: [0, 1])
    func `files that the reference implementation wrote are read`(_ misalignment: Int) throws {
        let pair = try tensors(FormatFixtures.safetensorsPair, misalignment: misalignment)
        #expect(pair[.input]?.shape == [2, 3])
        #expect(pair[.input]?.elements() == [0, 1, 2, 3, 4, 5] as [Float])
        #expect(pair[.indices]?.elements() == [1, 2] as [Int64])
        let odd = try tensors(FormatFixtures.safetensorsOdd, misalignment: misalignment)
        #expect(odd[.mask]?.bytes == [1, 0, 1])
        #expect(odd[.input]?.elementType == .float16)
    }

    @Test func `no tensor at all is a file too`() throws {
        #expect(try tensors(file("{}   ")).isEmpty)
    }

    @Test(arguments: [
        ("{\"input\":{\"dtype\":\"U8\",\"shape\":[2],\"data_offsets\":[0,2]}}", 3),
        ("{\"input\":{\"dtype\":\"U8\",\"shape\":[2],\"data_offsets\":[1,3]}}", 3),
        ("{\"input\":{\"dtype\":\"U8\",\"shape\":[2],\"data_offsets\":[2,0]}}", 2),
        ("{\"input\":{\"dtype\":\"U8\",\"shape\":[3],\"data_offsets\":[0,2]}}", 2),
        ("{\"input\":{\"dtype\":\"U8\",\"shape\":[-2],\"data_offsets\":[0,2]}}", 2),
        ("{\"input\":{\"dtype\":\"U8\",\"shape\":[1.5],\"data_offsets\":[0,2]}}", 2),
        ("{\"input\":{\"dtype\":\"U8\",\"shape\":[2],\"data_offsets\":[0,2],\"x\":1}}", 2),
        ("{\"input\":{\"dtype\":\"U8\",\"shape\":[2]}}", 2),
        ("{\"input\":{\"dtype\":8,\"shape\":[2],\"data_offsets\":[0,2]}}", 2),
        ("{\"input\":[]}", 0), ("[]", 0), (" {}", 0), ("{", 0), ("", 0), ("{\"__metadata__\":{\"a\":1}}", 0),
        ("{\"__metadata__\":[]}", 0),
        (
            "{\"input\":{\"dtype\":\"U8\",\"shape\":[2],\"data_offsets\":[0,2]},"
                + "\"mask\":{\"dtype\":\"U8\",\"shape\":[2],\"data_offsets\":[1,3]}}", 3
        ),
        ("{\"input\":{\"dtype\":\"F64\",\"shape\":[4294967296,4294967296],\"data_offsets\":[0,0]}}", 0),
    ])
    func `tensors that do not cover the file are malformed`(_ header: String, _ data: Int) {
        let error = mistake { () throws(WireError) in _ = try tensors(file(header, data: data)) }
        #expect(error?.malformation == .safetensors)
    }

    @Test func `a name that stands twice is rejected`() {
        let header = "{\"input\":{\"dtype\":\"U8\",\"shape\":[0],\"data_offsets\":[0,0]},"
        let twice = header + header.dropFirst().dropLast() + "}"
        #expect(mistake { () throws(WireError) in _ = try tensors(file(twice)) }?.malformation == .duplicateKey)
    }

    @Test func `unknown names and types are rejected by name`() {
        let name = file("{\"inputs\":{\"dtype\":\"U8\",\"shape\":[0],\"data_offsets\":[0,0]}}")
        #expect(mistake { () throws(WireError) in _ = try tensors(name) }?.rejection?.field == "inputs")
        let type = file("{\"input\":{\"dtype\":\"U32\",\"shape\":[0],\"data_offsets\":[0,0]}}")
        #expect(mistake { () throws(WireError) in _ = try tensors(type) }?.rejection?.reason == .unknownValue)
    }

    @Test func `a header of absurd length is rejected before it is looked at`() {
        for length: UInt64 in [1 << 21, .max, 1 << 63] {
            let bytes = withUnsafeBytes(of: length.littleEndian) { Array($0) } + Array("{}".utf8)
            #expect(mistake { () throws(WireError) in _ = try tensors(bytes) }?.malformation == .safetensors)
        }
    }

    @Test(arguments: [FormatFixtures.safetensorsPair, FormatFixtures.safetensorsOdd])
    func `every prefix is rejected`(_ file: [UInt8]) {
        expectEveryPrefixRejected(file) { (body) throws(WireError) in
            _ = try SafetensorsCodec.decode(body, parameters: .none, as: .forward)
        }
    }

    @Test func `damaged files do no harm`() {
        let rejected = rejectedMutations(of: FormatFixtures.safetensorsOdd) { (body) throws(WireError) in
            _ = try SafetensorsCodec.decode(body, parameters: .none, as: .forward)
        }
        #expect(rejected > 1000)
    }

    @Test func `a response has wide elements first, aligned for their type`() throws {
        let result = PoolingResult(
            tensors: [
                .init(.output, .of(.uint8, [3], [1, 2, 3] as [UInt8])),
                .init(.indices, .of(.int64, [1, 3], [4, 5, 6] as [Int64])),
            ], indexBase: "plane")
        let bytes = SafetensorsCodec.encode(result).joined()
        let header = try SafetensorsHeaderText(bytes)
        #expect(header.end % 8 == 0)
        #expect(
            header.text.trimmingSuffix(while: { $0 == " " }) == "{\"__metadata__\":{\"index_base\":\"plane\"},"
                + "\"indices\":{\"dtype\":\"I64\",\"shape\":[1,3],\"data_offsets\":[0,24]},"
                + "\"output\":{\"dtype\":\"U8\",\"shape\":[3],\"data_offsets\":[24,27]}}")
        #expect(bytes.suffix(3) == [1, 2, 3])
    }

    private struct SafetensorsHeaderText {
        let text: String
        let end: Int

        init(_ bytes: [UInt8]) throws {
            let length = bytes.withUnsafeBytes { $0.loadUnaligned(as: UInt64.self) }
            end = 8 + Int(length)
            text = String(decoding: bytes[8..<end], as: UTF8.self)
        }
    }
}

extension String {
    fileprivate func trimmingSuffix(while isTrimmed: (Character) -> Bool) -> String {
        var text = self
        while let last = text.last, isTrimmed(last) { text.removeLast() }
        return text
    }
}
