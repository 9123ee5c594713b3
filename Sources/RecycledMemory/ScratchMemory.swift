/// Memory that a computation works in, as long as this lives.
package final class ScratchMemory {
    /// Starts at a multiple of ``MemoryRecycler/alignment``; its content is undefined.
    ///
    /// A pointer, and no closure: kernels cut the memory into rows and lists and keep where these are from step to step.
    /// Whoever keeps such an address keeps this object with it, whose `deinit` gives the memory back.
    package let start: UnsafeMutableRawPointer
    private let memory: UnsafeMutableRawBufferPointer

    /// Nil where the system gives no memory.
    package init?(byteCount: Int) {
        guard let memory = MemoryRecycler.shared.take(byteCount: byteCount),
            let start = MemoryRecycler.start(of: memory)
        else { return nil }
        (self.memory, self.start) = (memory, start)
    }

    deinit { MemoryRecycler.shared.give(memory) }
}
