import RecycledMemory
import Testing

@Suite struct ScratchMemoryTests {
    @Test(arguments: [0, 1, 100, MemoryRecycler.smallestByteCount, 3 * MemoryRecycler.smallestByteCount])
    func `scratch memory starts at a cache line and takes so many bytes`(byteCount: Int) throws {
        let scratch = try #require(ScratchMemory(byteCount: byteCount))
        #expect(Int(bitPattern: scratch.start) % MemoryRecycler.alignment == 0)
        let bytes = UnsafeMutableRawBufferPointer(start: scratch.start, count: byteCount)
        bytes.initializeMemory(as: UInt8.self, repeating: 7)
        #expect(bytes.allSatisfy { $0 == 7 })
        withExtendedLifetime(scratch) {}
    }

    @Test func `there is none where the system gives none`() {
        #expect(ScratchMemory(byteCount: .max / 2) == nil)
        #expect(ScratchMemory(byteCount: .max) == nil)
    }
}
