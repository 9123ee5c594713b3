import PoolingEngine
import RecycledMemory

extension Workspace {
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
