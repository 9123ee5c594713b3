import PoolingEngine
import Testing

@Suite struct StorageRecyclerTests {
    private let recycler = StorageRecycler()
    private static let size = StorageRecycler.smallestByteCount

    @Test func `memory that is given back is taken again`() {
        let first = recycler.take(byteCount: Self.size + 1000)
        let address = first.baseAddress
        recycler.give(first)
        #expect(recycler.byteCount == Self.size + 1000)
        let second = recycler.take(byteCount: Self.size)
        #expect(second.baseAddress == address)
        #expect(recycler.byteCount == 0)
        recycler.give(second)
        recycler.clear()
        #expect(recycler.byteCount == 0)
    }

    @Test func `no block serves a tensor of less than half its size`() {
        recycler.give(recycler.take(byteCount: 3 * Self.size))
        let small = recycler.take(byteCount: Self.size)
        #expect(small.count == Self.size)
        #expect(recycler.byteCount == 3 * Self.size)
        recycler.give(small)
        recycler.clear()
    }

    @Test func `what is kept stays within the limit, the latest first`() {
        recycler.limit(to: 2 * Self.size)
        let blocks = (0..<4).map { _ in recycler.take(byteCount: Self.size) }
        let last = blocks[3].baseAddress
        blocks.forEach(recycler.give)
        #expect(recycler.byteCount == 2 * Self.size)
        recycler.limit(to: Self.size)
        let kept = recycler.take(byteCount: Self.size)
        #expect(kept.baseAddress == last)
        recycler.give(kept)
        recycler.clear()
    }

    @Test func `small blocks are not kept`() {
        recycler.give(recycler.take(byteCount: Self.size - 1))
        #expect(recycler.byteCount == 0)
    }
}
