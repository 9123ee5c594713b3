import RecycledMemory
import Testing

@Suite struct MemoryRecyclerTests {
    private let recycler = MemoryRecycler()
    private static let size = MemoryRecycler.smallestByteCount

    @Test func `memory that is given back is taken again`() throws {
        let first = try #require(recycler.take(byteCount: Self.size + 1000))
        let address = first.baseAddress
        recycler.give(first)
        #expect(recycler.byteCount == first.count)
        let second = try #require(recycler.take(byteCount: Self.size))
        #expect(second.baseAddress == address)
        #expect(recycler.byteCount == 0)
        recycler.give(second)
        recycler.clear()
        #expect(recycler.byteCount == 0)
    }

    @Test func `a block that would lie mostly idle is left for others`() throws {
        recycler.give(try #require(recycler.take(byteCount: 3 * Self.size)))
        let small = try #require(recycler.take(byteCount: Self.size))
        #expect(small.count < 2 * Self.size)
        #expect(recycler.byteCount >= 3 * Self.size)
        recycler.give(small)
        recycler.clear()
    }

    @Test func `what is kept stays within the limit, the latest first`() throws {
        let blocks = try (0..<4).map { _ in try #require(recycler.take(byteCount: Self.size)) }
        let (size, last) = (blocks[3].count, blocks[3].baseAddress)
        recycler.limit(to: 2 * size)
        blocks.forEach(recycler.give)
        #expect(recycler.byteCount == 2 * size)
        recycler.limit(to: size)
        let kept = try #require(recycler.take(byteCount: Self.size))
        #expect(kept.baseAddress == last)
        recycler.give(kept)
        recycler.clear()
    }

    @Test func `small blocks are not kept`() {
        recycler.give(.allocate(byteCount: Self.size - 1, alignment: 1))
        #expect(recycler.byteCount == 0)
    }

    @Test func `a block from anywhere has room to be aligned in`() throws {
        for offset in 0..<3 {
            let block = UnsafeMutableRawBufferPointer.allocate(
                byteCount: Self.size + MemoryRecycler.alignment + offset, alignment: 16)
            recycler.give(block)
            let larger = try #require(recycler.take(byteCount: Self.size + offset + 1))
            #expect(larger.baseAddress != block.baseAddress)
            let taken = try #require(recycler.take(byteCount: Self.size + offset))
            #expect(taken.baseAddress == block.baseAddress)
            #expect(taken.count >= Self.size + offset + MemoryRecycler.alignment)
            larger.deallocate()
            taken.deallocate()
        }
    }

    @Test func `one allocation fails where a test asks for it`() throws {
        recycler.failOnce(after: 1)
        let small = try #require(recycler.take(byteCount: 1))
        let first = try #require(recycler.take(byteCount: Self.size))
        #expect(recycler.take(byteCount: Self.size) == nil)
        let second = try #require(recycler.take(byteCount: Self.size))
        #expect(recycler.hasFailed())
        recycler.failOnce(after: 0, atLeast: 2 * Self.size)
        #expect(recycler.resize(first, to: 4 * Self.size) == nil)
        let resized = try #require(recycler.resize(first, to: 4 * Self.size))
        recycler.failOnce(after: 0)
        #expect(!recycler.hasFailed())
        [small, second, resized].forEach(recycler.give)
        recycler.clear()
    }

    @Test func `more than can be addressed is rejected`() {
        #expect(recycler.take(byteCount: .max) == nil)
    }
}
