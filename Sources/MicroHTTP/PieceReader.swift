/// The pieces of a response that libmicrohttpd sends, read one after the other, and what keeps them alive.
///
/// `@unchecked Sendable` because only the thread that sends the response reads, and `next` is all that changes.
final class PieceReader: @unchecked Sendable {
    private let pieces: [HTTPResponse.UnsafePiece]
    private let owner: any Sendable
    /// The piece that was read last, and where in the response it begins: reading goes on from there.
    private var next = (index: 0, start: 0)

    init(_ pieces: [HTTPResponse.UnsafePiece], owner: any Sendable) {
        self.pieces = pieces
        self.owner = owner
    }

    var count: Int { pieces.reduce(0) { $0 + $1.bytes.count } }

    static func release(_ reader: UnsafeMutableRawPointer?) {
        reader.map { Unmanaged<PieceReader>.fromOpaque($0).release() }
    }

    /// Copies what follows `position`, until `target` is full or the pieces end.
    /// - Returns: how many bytes were copied.
    func read(from position: Int, to target: UnsafeMutableRawBufferPointer) -> Int {
        if position < next.start { next = (0, 0) }
        var filled = 0
        while filled < target.count, next.index < pieces.count {
            let bytes = pieces[next.index].bytes
            let offset = position + filled - next.start
            if offset >= bytes.count {
                next = (next.index + 1, next.start + bytes.count)
                continue
            }
            let part = UnsafeRawBufferPointer(
                rebasing: bytes[offset..<min(bytes.count, offset + target.count - filled)])
            UnsafeMutableRawBufferPointer(rebasing: target[filled..<filled + part.count]).copyMemory(from: part)
            filled += part.count
        }
        return filled
    }
}
