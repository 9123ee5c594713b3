import RecycledMemory
import Testing

@Suite struct BytesTests {
    private final class Witness: Sendable {}

    @Test func `bytes of any number start at a cache line`() {
        let boundary = MemoryRecycler.smallestByteCount
        for byteCount in Array(0..<200) + Array(boundary - 70...boundary + 2) {
            let bytes = Bytes(byteCount: byteCount, zeroed: true)
            #expect(bytes.count == byteCount)
            bytes.withUnsafeBytes { bytes in
                #expect(UInt(bitPattern: bytes.baseAddress) % UInt(MemoryRecycler.alignment) == 0)
                #expect(bytes.allSatisfy { $0 == 0 })
            }
        }
    }

    @Test func `a part is a view that keeps the whole alive`() {
        weak var witness: Witness?
        var part: Bytes?
        do {
            let companion = Witness()
            witness = companion
            let whole = Bytes(copying: 0..<100).keeping(companion)
            part = whole[10..<90][5..<8]
            #expect(part?.sharesMemory(with: whole) == true)
            let starts = [part, whole].map { $0?.withUnsafeBytes { Int(bitPattern: $0.baseAddress) } ?? 0 }
            #expect(starts[0] == starts[1] + 15)
        }
        #expect(witness != nil)
        #expect(part.map { [$0].joined() } == [15, 16, 17])
        part = nil
        #expect(witness == nil)
    }

    @Test func `bytes without memory share none`() {
        #expect(!Bytes().sharesMemory(with: Bytes()))
        #expect(!Bytes(copying: [1]).sharesMemory(with: Bytes(copying: [1])))
    }

    @Test(arguments: 0...7)
    func `the start of several pieces is a view of them`(byteCount: Int) {
        let pieces = [[0, 1, 2], [], [3], [4, 5]].map { Bytes(copying: $0) }
        let start = pieces.prefix(bytes: byteCount)
        #expect(start.joined() == Array(0..<UInt8(min(byteCount, 6))))
        #expect(start.byteCount == min(byteCount, 6))
        #expect(zip(start, pieces).allSatisfy { $0.isEmpty || $0.sharesMemory(with: $1) })
    }
}
