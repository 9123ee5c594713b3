#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif
import PoolingEngine
import RecycledMemory

/// Memory for a tensor's elements while their number is not known yet.
///
/// Grows in place where the C library can (large blocks are remapped, not copied).
final class ElementBuffer<Element: BitwiseCopyable> {
    private var memory = UnsafeMutableRawBufferPointer(start: nil, count: 0)
    private(set) var count = 0

    init(capacity: Int) {
        resize(to: max(capacity, 1))
    }

    deinit {
        MemoryRecycler.shared.give(memory)
    }

    private var capacity: Int { memory.count / MemoryLayout<Element>.stride }

    /// Lets `body` write elements into free room, at least one, and say how many it wrote.
    @inline(__always)
    func append(_ body: (UnsafeMutableBufferPointer<Element>) -> Int) {
        let capacity = capacity
        if count == capacity { resize(to: capacity * 2) }
        guard let start = memory.baseAddress else { return }
        let free = start.assumingMemoryBound(to: Element.self) + count
        count += body(UnsafeMutableBufferPointer(start: free, count: self.capacity - count))
    }

    /// Makes room for `count` more elements.
    func reserve(_ count: Int) {
        guard count > capacity - self.count else { return }
        let needed = self.count + count
        let larger = MemoryRecycler.shared.demand(byteCount: needed * MemoryLayout<Element>.stride).block
        let used = self.count * MemoryLayout<Element>.stride
        larger.copyMemory(from: UnsafeRawBufferPointer(rebasing: memory[..<used]))
        MemoryRecycler.shared.give(memory)
        memory = larger
    }

    func append(_ element: Element) {
        append { room in
            room[0] = element
            return 1
        }
    }

    /// Less free room than this many bytes is not worth giving back.
    private static var toleratedRoom: Int { 1024 }

    /// Gives the elements away; the buffer is kept alive by the storage and must not be used any more.
    func finish() -> TensorStorage {
        let used = count * MemoryLayout<Element>.stride
        // A block that has been kept may be larger by as much again, and is kept once more.
        if memory.count - used > max(Self.toleratedRoom, used) { resize(to: max(count, 1)) }
        return TensorStorage(viewing: UnsafeRawBufferPointer(rebasing: memory[..<used]), owner: self)
    }

    private func resize(to capacity: Int) {
        let size = capacity * MemoryLayout<Element>.stride
        guard size != memory.count else { return }
        guard let resized = realloc(memory.baseAddress, size) else { preconditionFailure("out of memory") }
        memory = UnsafeMutableRawBufferPointer(start: resized, count: size)
    }
}
