package import PoolingEngine

/// The bytes of a response: a short text, and pieces that are sent after it without being copied together.
///
/// A piece is a storage even where it is no tensor's: its bytes stay where they are as long as the body lives.
package struct EncodedBody: Sendable {
    /// All of a short response, or the text before the pieces.
    package let text: [UInt8]
    package let pieces: [TensorStorage]

    package init(text: [UInt8] = [], _ pieces: [TensorStorage] = []) {
        self.text = text
        self.pieces = pieces
    }

    package var byteCount: Int { pieces.reduce(text.count) { $0 + $1.byteCount } }

    /// All copied together, for bodies that are known to be small.
    package func joined() -> [UInt8] {
        var bytes = text
        bytes.reserveCapacity(byteCount)
        for piece in pieces { piece.withUnsafeBytes { bytes.append(contentsOf: $0) } }
        return bytes
    }

    /// Calls `body` with the bytes of the text and of each piece, in order.
    package func forEachPiece<Failure: Error>(
        _ body: (UnsafeRawBufferPointer) throws(Failure) -> Void
    ) throws(Failure) {
        try text.withUnsafeBufferPointer { (bytes) throws(Failure) in try body(UnsafeRawBufferPointer(bytes)) }
        for piece in pieces { try piece.withUnsafeBytes { (bytes) throws(Failure) in try body(bytes) } }
    }
}

/// A response that a format cannot hold (406), or that could not be written.
package enum EncodingFailure: Error, Sendable {
    case rejected(EncodingRejection)
    case wire(WireError)
}

/// A response that a format cannot hold (406).
package struct EncodingRejection: Error, Hashable, Sendable {
    /// One sentence that also names the formats that can.
    package let detail: String
    /// Media types that can hold this response, best first.
    package let alternatives: [String]

    init(_ reason: String, alternatives: [String]) {
        self.detail = "\(reason); accept \(alternatives.joined(separator: " or ")) instead"
        self.alternatives = alternatives
    }
}

/// The media types of the wire formats.
package enum MediaType {
    package static let json = "application/json"
    package static let npy = "application/x-npy"
    package static let safetensors = "application/vnd.safetensors"
    package static let png = "image/png"
    package static let octetStream = "application/octet-stream"
}
