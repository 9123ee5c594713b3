#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif
import PoolingEngine

/// Memory for a tensor's elements while their number is not known yet.
///
/// Grows in place where the C library can (large blocks are remapped, not copied).
final class ElementBuffer<Element: BitwiseCopyable> {
    private var memory: UnsafeMutableRawPointer?
    private var capacity = 0
    private(set) var count = 0

    init(capacity: Int) {
        resize(to: max(capacity, 1))
    }

    deinit {
        free(memory)
    }

    /// Lets `body` write elements into free room, at least one, and say how many it wrote.
    @inline(__always)
    func append(_ body: (UnsafeMutableBufferPointer<Element>) -> Int) {
        if count == capacity { resize(to: capacity * 2) }
        guard let memory else { return }
        let free = memory.assumingMemoryBound(to: Element.self) + count
        count += body(UnsafeMutableBufferPointer(start: free, count: capacity - count))
    }

    /// Makes room for `count` more elements.
    func reserve(_ count: Int) {
        if count > capacity - self.count { resize(to: self.count + count) }
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
        if (capacity - count) * MemoryLayout<Element>.stride > Self.toleratedRoom { resize(to: max(count, 1)) }
        let bytes = UnsafeRawBufferPointer(start: memory, count: count * MemoryLayout<Element>.stride)
        return TensorStorage(viewing: bytes, owner: self)
    }

    private func resize(to capacity: Int) {
        guard capacity != self.capacity else { return }
        guard let memory = realloc(memory, capacity * MemoryLayout<Element>.stride) else {
            preconditionFailure("out of memory")
        }
        self.memory = memory
        self.capacity = capacity
    }
}
