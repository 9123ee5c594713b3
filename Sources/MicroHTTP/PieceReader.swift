internal import CMicroHTTPD
import RecycledMemory

/// The pieces of a response that libmicrohttpd sends, read one after the other.
///
/// `@unchecked Sendable` because only the thread that sends the response reads, and `next` is all that changes.
final class PieceReader: @unchecked Sendable {
    private let pieces: [Bytes]
    /// The piece that was read last, and where in the response it begins: reading goes on from there.
    private var next = (index: 0, start: 0)

    init(_ pieces: [Bytes]) { self.pieces = pieces }

    var byteCount: Int { pieces.byteCount }

    /// Where the pieces are, for the library, which reads there until it releases this reader.
    var vectors: [MHD_IoVec] {
        pieces.map { MHD_IoVec(iov_base: $0.unsafeBytes.baseAddress, iov_len: $0.count) }
    }

    static func release(_ reader: UnsafeMutableRawPointer?) {
        reader.map { Unmanaged<PieceReader>.fromOpaque($0).release() }
    }

    /// Copies what follows `position`, until `target` is full or the pieces end.
    /// - Returns: how many bytes were copied.
    func read(from position: Int, to target: UnsafeMutableRawBufferPointer) -> Int {
        if position < next.start { next = (0, 0) }
        var filled = 0
        while filled < target.count, next.index < pieces.count {
            let piece = pieces[next.index]
            let offset = position + filled - next.start
            if offset >= piece.count {
                next = (next.index + 1, next.start + piece.count)
                continue
            }
            let part = piece[offset..<min(piece.count, offset + target.count - filled)]
            part.withUnsafeBytes {
                UnsafeMutableRawBufferPointer(rebasing: target[filled..<filled + part.count]).copyMemory(from: $0)
            }
            filled += part.count
        }
        return filled
    }
}
