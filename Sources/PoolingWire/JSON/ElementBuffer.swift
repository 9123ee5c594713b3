import PoolingEngine
import RecycledMemory

/// Memory for a tensor's elements while their number is not known yet.
final class ElementBuffer<Element: BitwiseCopyable> {
    private let block: MemoryBlock
    private var capacity: Int
    private(set) var count = 0

    init(capacity: Int, in workspace: Workspace) throws(WireError) {
        self.capacity = max(capacity, 1)
        block = try workspace.block(self.capacity * MemoryLayout<Element>.stride)
    }

    /// What is free, at least one element; ``advance(by:)`` says how many of them were written.
    @inline(__always)
    func room() throws(WireError) -> UnsafeMutableBufferPointer<Element> {
        if count == capacity { try resize(to: capacity * 2) }
        guard let start = block.bytes.baseAddress else { return UnsafeMutableBufferPointer(start: nil, count: 0) }
        return UnsafeMutableBufferPointer(
            start: start.assumingMemoryBound(to: Element.self) + count, count: capacity - count)
    }

    @inline(__always)
    func advance(by count: Int) { self.count += count }

    /// Makes room for `count` more elements.
    func reserve(_ count: Int) throws(WireError) {
        if count > capacity - self.count { try resize(to: self.count + count) }
    }

    func append(_ element: Element) throws(WireError) {
        try room()[0] = element
        advance(by: 1)
    }

    /// Less free room than this many bytes is not worth giving back.
    private static var toleratedRoom: Int { 1024 }

    /// Gives the elements away; the buffer must not be used any more.
    func finish() throws(WireError) -> Bytes {
        let used = count * MemoryLayout<Element>.stride
        if block.bytes.count - used > Self.toleratedRoom { try block.resized(to: used) }
        return Bytes(block, count: used)
    }

    private func resize(to capacity: Int) throws(WireError) {
        try block.resized(to: capacity * MemoryLayout<Element>.stride)
        self.capacity = capacity
    }
}
