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

    private var block: MemoryBlock?
    private var count = 0
    private let limit: Int
    private let announced: Int?

    init(limit: Int, announced: Int?) {
        self.limit = limit
        self.announced = announced
    }

    /// - Parameter reserve: sets memory aside for so many bytes in total, or says why not.
    mutating func append(
        _ piece: UnsafeRawBufferPointer, reserving reserve: (Int) -> HTTPResponse?
    ) throws(Failure) {
        guard piece.count <= limit - count else { throw .overLimit }
        let capacity = block?.bytes.count ?? 0
        if piece.count > capacity - count { try grow(to: room(toHold: count + piece.count, capacity), reserve) }
        guard let block else { return }
        UnsafeMutableRawBufferPointer(rebasing: block.bytes[count...]).copyMemory(from: piece)
        count += piece.count
    }

    private mutating func grow(to room: Int, _ reserve: (Int) -> HTTPResponse?) throws(Failure) {
        if let response = reserve(room) { throw .rejected(response) }
        guard let larger = try? MemoryBlock(byteCount: room, account: nil) else { throw .noMemory }
        if let block { larger.bytes.copyMemory(from: UnsafeRawBufferPointer(rebasing: block.bytes[..<count])) }
        block = larger
    }

    private func room(toHold needed: Int, _ capacity: Int) -> Int {
        guard let announced else { return max(needed, min(max(Self.firstChunkedRoom, 2 * capacity), limit)) }
        let (ahead, overflow) = needed.multipliedReportingOverflow(by: Self.growth)
        return max(needed, min(announced, overflow ? announced : max(Self.firstRoom, ahead), limit))
    }

    /// Hands the bytes over; the buffer is empty afterwards.
    mutating func takeBody() -> Bytes {
        guard let block, count > 0 else { return Bytes() }
        defer { (self.block, count) = (nil, 0) }
        return Bytes(block, count: count)
    }
}
