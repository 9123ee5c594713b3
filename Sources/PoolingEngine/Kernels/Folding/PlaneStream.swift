import CPrefetch
import Glibc
import RecycledMemory

/// Results of fewer bytes stay in the caches, where they are read next; other threads and tensors have their share of the
/// last one.
private let smallestStreamedResult = max(4 << 20, sysconf(Int32(_SC_LEVEL3_CACHE_SIZE)) / 8)

/// Planes that are composed one after the other in a buffer, and leave it in whole cache lines past the caches.
///
/// Memory that is written in parts is read first; written in whole lines it is not. What belongs to a line that is not all
/// of these planes is written as usual, because others write the rest of it.
final class PlaneStream<Element: BitwiseCopyable> {
    /// Planes of more bytes do not stay in the cache while they are composed.
    private static var largestPlane: Int { 192 << 10 }
    /// Bytes of small planes that leave together.
    private static var batch: Int { 4 << 10 }
    private static var line: Int { MemoryRecycler.alignment / MemoryLayout<Element>.stride }

    /// Bytes of the buffer for planes of so many elements; 0 where the result is not worth one.
    static func byteCount(plane: Int, result: Int) -> Int {
        let size = MemoryLayout<Element>.stride
        let (plane, result) = (plane.multipliedSaturating(by: size), result.multipliedSaturating(by: size))
        return plane <= largestPlane && result >= smallestStreamedResult ? plane + batch + MemoryRecycler.alignment : 0
    }

    private let block: ScratchMemory
    private let buffer: UnsafeMutablePointer<Element>
    /// Where the first element of the buffer belongs, which is at the start of a cache line.
    private var target: UnsafeMutablePointer<Element>?
    /// The elements of the buffer that are composed: from the first that is of these planes on.
    private var composed = 0..<0

    /// Nil where the system gives no memory.
    init?(byteCount: Int) {
        guard let block = ScratchMemory(byteCount: byteCount) else { return nil }
        self.block = block
        buffer = block.start.assumingMemoryBound(to: Element.self)
    }

    /// Where to compose the plane that belongs at `address`.
    func begin(at address: UnsafeMutablePointer<Element>) -> UnsafeMutablePointer<Element> {
        if target.map({ $0 + composed.upperBound }) != address {
            finish()
            let past = Int(bitPattern: address) % MemoryRecycler.alignment / MemoryLayout<Element>.stride
            (target, composed) = (address - past, past..<past)
        }
        return buffer + composed.upperBound
    }

    /// Writes all whole lines, once `count` more elements are composed and there are enough of them.
    func end(count: Int) {
        var (first, end) = (composed.lowerBound, composed.upperBound + count)
        guard let target, end * MemoryLayout<Element>.stride >= Self.batch else {
            composed = first..<end
            return
        }
        let whole = end / Self.line * Self.line
        if first > 0, whole > 0 {
            (target + first).update(from: buffer + first, count: Self.line - first)
            first = Self.line
        }
        if whole > first {
            cstream(target + first, buffer + first, (whole - first) * MemoryLayout<Element>.stride)
        }
        if whole > 0 {
            buffer.update(from: buffer + whole, count: end - whole)
            (first, end) = (0, end - whole)
            self.target = target + whole
        }
        composed = first..<end
    }

    /// Writes what is left.
    func finish() {
        if let target, !composed.isEmpty {
            (target + composed.lowerBound).update(from: buffer + composed.lowerBound, count: composed.count)
        }
        (target, composed) = (nil, 0..<0)
        cstreamed()
    }
}
