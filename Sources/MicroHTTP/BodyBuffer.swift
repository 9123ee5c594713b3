import Glibc

/// A body while it arrives.
///
/// A body of announced size gets its whole room with its first byte; pages that nothing was written to cost no memory.
/// A chunked body's room doubles, up to the limit.
struct BodyBuffer: ~Copyable {
    static let alignment = 64
    private static let firstRoom = 16 * 1024

    enum Failure: Error { case overLimit, noMemory }

    private var start: UnsafeMutableRawPointer?
    private var capacity = 0
    private var count = 0
    private let limit: Int
    private let announced: Int?

    init(limit: Int, announced: Int?) {
        self.limit = limit
        self.announced = announced
    }

    deinit { free(start) }

    mutating func append(_ piece: UnsafeRawBufferPointer) throws(Failure) {
        guard piece.count <= limit - count else { throw .overLimit }
        if piece.count > capacity - count { try grow(toHold: count + piece.count) }
        guard let source = piece.baseAddress, let start else { return }
        memcpy(start + count, source, piece.count)
        count += piece.count
    }

    private mutating func grow(toHold needed: Int) throws(Failure) {
        let room = max(needed, min(announced ?? max(Self.firstRoom, 2 * capacity), limit))
        var larger: UnsafeMutableRawPointer?
        guard posix_memalign(&larger, Self.alignment, room) == 0, let larger else { throw .noMemory }
        if let start { memcpy(larger, start, count) }
        free(start)
        start = larger
        capacity = room
    }

    /// Hands the bytes over; the buffer is empty afterwards.
    mutating func takeBody() -> HTTPBody {
        guard let start, count > 0 else { return .empty }
        defer { (self.start, capacity, count) = (nil, 0, 0) }
        return HTTPBody(bytes: UnsafeRawBufferPointer(start: start, count: count)) { bytes in
            free(UnsafeMutableRawPointer(mutating: bytes.baseAddress))
        }
    }
}
