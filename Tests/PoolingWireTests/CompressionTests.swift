import PoolingEngine
import PoolingTestKit
import RecycledMemory
import Testing

@testable import PoolingWire

@Suite struct CompressionTests {
    private static let text = Array(String(repeating: "pooling ", count: 40).utf8)

    private func decompressed(
        _ bytes: [UInt8], _ encoding: ContentEncoding, limit: Int = 1 << 20
    ) throws(WireError) -> [UInt8] {
        try decoding(bytes) { (body) throws(WireError) in
            try encoding.decompress(body, limit: limit).withUnsafeBytes { Array($0) }
        }
    }

    private func compressed(_ pieces: [[UInt8]], _ encoding: ContentEncoding) throws -> [UInt8] {
        let body = pieces.map { Bytes(copying: $0) }
        return try encoding.compress(body).joined()
    }

    @Test(arguments: [
        (ContentEncoding.gzip, FormatFixtures.gzip), (.deflate, FormatFixtures.deflate), (.zstd, FormatFixtures.zstd),
    ])
    func `what other software compressed is read, and only whole`(_ encoding: ContentEncoding, _ bytes: [UInt8]) throws
    {
        #expect(try decompressed(bytes, encoding) == Self.text)
        expectEveryPrefixRejected(bytes) { (body) throws(WireError) in
            _ = try encoding.decompress(body, limit: 1 << 20)
        }
        #expect(
            mistake { () throws(WireError) in _ = try decompressed(bytes + [7], encoding) }?.malformation == .request)
        let rejected = rejectedMutations(of: bytes) { (body) throws(WireError) in
            _ = try encoding.decompress(body, limit: 1 << 16)
        }
        #expect(rejected > 500)
    }

    @Test(arguments: ContentEncoding.allCases)
    func `what is compressed in pieces comes back`(_ encoding: ContentEncoding) throws {
        let noise = (0..<100_000).map { UInt8(truncatingIfNeeded: $0 &* $0 >> 7) }
        let bytes = try compressed([Self.text, [], noise], encoding)
        #expect(try decompressed(bytes, encoding) == Self.text + noise)
        #expect(try decompressed(try compressed([], encoding), encoding).isEmpty)
    }

    @Test(arguments: ContentEncoding.allCases)
    func `output may reach the limit and not pass it`(_ encoding: ContentEncoding) throws {
        let bomb = try compressed([[UInt8](repeating: 0, count: 1 << 22)], encoding)
        #expect(bomb.count < 1 << 16)
        #expect(try decompressed(bomb, encoding, limit: 1 << 22).count == 1 << 22)
        for limit in [0, 1, 4096, 1 << 22 - 1] {
            let error = mistake { () throws(WireError) in _ = try decompressed(bomb, encoding, limit: limit) }
            #expect(error?.rejection?.reason == .resultTooLarge)
        }
    }

    @Test(arguments: [ContentEncoding.gzip, .zstd])
    func `members one behind the other all count`(_ encoding: ContentEncoding) throws {
        let two = try compressed([Self.text], encoding) + compressed([[1, 2]], encoding)
        #expect(try decompressed(two, encoding) == Self.text + [1, 2])
        #expect(throws: WireError.self) { try decompressed(two, encoding, limit: Self.text.count + 1) }
    }

    @Test func `a second zlib stream and bare deflate are rejected`() {
        #expect(throws: WireError.self) { try decompressed(FormatFixtures.deflate + FormatFixtures.deflate, .deflate) }
        #expect(throws: WireError.self) { try decompressed(FormatFixtures.rawDeflate, .deflate) }
    }

    @Test func `a zstd window beyond 8 MiB is rejected`() {
        #expect(throws: WireError.self) { try decompressed(FormatFixtures.zstdWideWindow, .zstd) }
    }
}
