internal import CMicroHTTPD
import RecycledMemory

/// The pieces of a response that libmicrohttpd sends, read one after the other.
///
/// The library reads them after the call that hands them over, until it calls ``release(_:)``: this reader is retained for
/// it meanwhile, and is the only place that takes their addresses.
///
/// `@unchecked Sendable` because only the thread that sends the response reads, and `next` is all that changes.
final class PieceReader: @unchecked Sendable {
    /// The most pieces that the library sends as a list.
    ///
    /// It keeps the list in the connection's memory, which a request's head may have filled, and where there is no room for
    /// it 0.9.75 unlocks a mutex that it has not locked and ends the process later. The memory of the response's own head,
    /// more than 128 bytes, is free by then: room for eight pieces of 16 bytes.
    private static let vectorLimit = 8
    /// Of a response with more pieces, this much is copied at a time.
    private static let blockSize = 64 * 1024

    private let pieces: [Bytes]
    /// The piece that was read last, and where in the response it begins: reading goes on from there.
    private var next = (index: 0, start: 0)

    init(_ pieces: [Bytes]) { self.pieces = pieces }

    /// A response of these pieces in libmicrohttpd's form: as a list of them, or copied in blocks where they are many.
    ///
    /// - Returns: nil where memory is short.
    static func response(of pieces: [Bytes]) -> OpaquePointer? {
        let held = Unmanaged.passRetained(PieceReader(pieces))
        let handle = pieces.count <= vectorLimit ? vectored(pieces, held) : copied(pieces, held)
        if handle == nil { held.release() }
        return handle
    }

    private static func vectored(_ pieces: [Bytes], _ held: Unmanaged<PieceReader>) -> OpaquePointer? {
        let vectors = pieces.map { piece in
            piece.withUnsafeBytes { MHD_IoVec(iov_base: $0.baseAddress, iov_len: $0.count) }
        }
        return MHD_create_response_from_iovec(
            vectors, UInt32(vectors.count), { PieceReader.release($0) }, held.toOpaque())
    }

    private static func copied(_ pieces: [Bytes], _ held: Unmanaged<PieceReader>) -> OpaquePointer? {
        MHD_create_response_from_callback(
            UInt64(pieces.byteCount), blockSize,
            { reader, position, target, count in
                guard let reader, let target else { return -1 }
                return Unmanaged<PieceReader>.fromOpaque(reader).takeUnretainedValue()
                    .read(from: Int(clamping: position), to: UnsafeMutableRawBufferPointer(start: target, count: count))
            }, held.toOpaque(), { PieceReader.release($0) })
    }

    private static func release(_ reader: UnsafeMutableRawPointer?) {
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
