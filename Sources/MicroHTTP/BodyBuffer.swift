import Glibc
import RecycledMemory

/// A body while it arrives.
///
/// Its room grows with what has arrived, whatever size was announced: a body of 64 KiB at once, a larger one in steps of
/// up to eight times what is there, so that little of it is copied. A chunked body's room doubles.
struct BodyBuffer: ~Copyable {
    private static let firstChunkedRoom = 16 * 1024
    private static let firstRoom = 64 * 1024
    private static let growth = 8

    enum Failure: Error {
        case overLimit, noMemory
        /// The application has no room.
        case rejected(HTTPResponse)
    }

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

    /// - Parameter reserve: sets memory aside for so many bytes in total, or says why not.
    mutating func append(
        _ piece: UnsafeRawBufferPointer, reserving reserve: (Int) -> HTTPResponse?
    ) throws(Failure) {
        guard piece.count <= limit - count else { throw .overLimit }
        if piece.count > capacity - count { try grow(toHold: count + piece.count, reserving: reserve) }
        guard let source = piece.baseAddress, let start else { return }
        memcpy(start + count, source, piece.count)
        count += piece.count
    }

    private mutating func grow(toHold needed: Int, reserving reserve: (Int) -> HTTPResponse?) throws(Failure) {
        let room = room(toHold: needed)
        if let response = reserve(room) { throw .rejected(response) }
        guard let larger = MemoryRecycler.shared.take(byteCount: room),
            let aligned = larger.baseAddress?.alignedUp(toMultipleOf: MemoryRecycler.alignment)
        else { throw .noMemory }
        if let start { memcpy(aligned, start, count) }
        giveBack()
        (block, start, capacity) = (larger, aligned, room)
    }

    private func room(toHold needed: Int) -> Int {
        guard let announced else { return max(needed, min(max(Self.firstChunkedRoom, 2 * capacity), limit)) }
        let (ahead, overflow) = needed.multipliedReportingOverflow(by: Self.growth)
        return max(needed, min(announced, overflow ? announced : max(Self.firstRoom, ahead), limit))
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
