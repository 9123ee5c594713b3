package import PoolingEngine
package import RecycledMemory

/// What reading and writing may use: help from other threads, memory on somebody's account, and time until it is stopped.
package struct Workspace: Sendable {
    /// Does parts of a large body's work side by side; nil where nobody is there to help.
    package var runner: PoolingPlan.SliceRunner?
    /// Counts the memory; nil where nobody does.
    package var memory: (any MemoryAccount)?
    /// Looked at between pieces of work of a few milliseconds at most.
    package var cancellation: Cancellation?
    /// Bytes of a list of numbers that are read by one thread: some 300 µs of reading, worth waking a worker for.
    var sliceByteCount = 256 << 10

    package init(
        runner: PoolingPlan.SliceRunner? = nil, memory: (any MemoryAccount)? = nil, cancellation: Cancellation? = nil
    ) {
        (self.runner, self.memory, self.cancellation) = (runner, memory, cancellation)
    }

    /// The same for work that goes on whatever the deadline.
    package var withoutCancellation: Workspace { Workspace(runner: runner, memory: memory) }

    /// The same for one of several threads.
    var alone: Workspace { Workspace(memory: memory, cancellation: cancellation) }

    var isStopped: Bool { cancellation?.isCancelled ?? false }

    /// Throws where the work should stop.
    func checkpoint() throws(WireError) {
        if isStopped { throw .stopped }
    }

    /// Memory for so many bytes.
    func block(_ byteCount: Int) throws(WireError) -> MemoryBlock {
        do throws(MemoryShortage) {
            return try MemoryBlock(byteCount: byteCount, account: memory)
        } catch {
            throw .memory(error)
        }
    }

    /// A tensor whose elements are still undefined.
    func tensor(_ elementType: ElementType, shape: [Int], byteCount: Int) throws(WireError) -> (Tensor, MemoryBlock) {
        let block = try block(byteCount)
        return (Tensor(elementType: elementType, shape: shape, storage: Bytes(block)), block)
    }
}

extension BytesBuilder {
    mutating func grow(to capacity: Int) throws(WireError) {
        do throws(MemoryShortage) {
            try resize(to: capacity)
        } catch {
            throw .memory(error)
        }
    }
}
