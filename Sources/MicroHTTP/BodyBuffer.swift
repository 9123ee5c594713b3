import Glibc
import RecycledMemory

/// A body while it arrives.
///
/// A body of announced size gets its whole room with its first byte; pages that nothing was written to cost no memory.
/// A chunked body's room doubles, up to the limit.
struct BodyBuffer: ~Copyable {
    private static let firstRoom = 16 * 1024

    enum Failure: Error { case overLimit, noMemory }

    /// As the C library gave it: aligned by us, because its own way to align a block is slow for small ones.
    private var block: UnsafeMutableRawBufferPointer?
    private var start: UnsafeMutableRawPointer?
    private var capacity = 0
    private var count = 0
    private let limit: Int
    private let announced: Int?

    init(limit: Int, announced: Int?) {
        self.limit = limit
        self.announced = announced
    }

    deinit { giveBack() }

    mutating func append(_ piece: UnsafeRawBufferPointer) throws(Failure) {
        guard piece.count <= limit - count else { throw .overLimit }
        if piece.count > capacity - count { try grow(toHold: count + piece.count) }
        guard let source = piece.baseAddress, let start else { return }
        memcpy(start + count, source, piece.count)
        count += piece.count
    }

    private mutating func grow(toHold needed: Int) throws(Failure) {
        let room = max(needed, min(announced ?? max(Self.firstRoom, 2 * capacity), limit))
        guard let larger = MemoryRecycler.shared.take(byteCount: room),
            let aligned = larger.baseAddress?.alignedUp(toMultipleOf: MemoryRecycler.alignment)
        else { throw .noMemory }
        if let start { memcpy(aligned, start, count) }
        giveBack()
        (block, start, capacity) = (larger, aligned, room)
    }

    private func giveBack() {
        if let block { MemoryRecycler.shared.give(block) }
    }

    /// Hands the bytes over; the buffer is empty afterwards.
    mutating func takeBody() -> HTTPBody {
        guard let start, let block, count > 0 else { return .empty }
        let (address, size) = (UInt(bitPattern: block.baseAddress), block.count)
        defer { (self.block, self.start, capacity, count) = (nil, nil, 0, 0) }
        return HTTPBody(bytes: UnsafeRawBufferPointer(start: start, count: count)) { _ in
            MemoryRecycler.shared.give(
                UnsafeMutableRawBufferPointer(start: UnsafeMutableRawPointer(bitPattern: address), count: size))
        }
    }
}
