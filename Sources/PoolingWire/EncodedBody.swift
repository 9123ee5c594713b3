package import PoolingEngine

/// The bytes of an answer, in pieces that are sent one after the other without being copied together.
///
/// A piece is a storage even where it is no tensor's: its bytes stay where they are as long as the body lives.
package struct EncodedBody: Sendable {
    package let pieces: [TensorStorage]

    package init(_ pieces: [TensorStorage]) {
        self.pieces = pieces
    }

    package var byteCount: Int { pieces.reduce(0) { $0 + $1.byteCount } }

    /// All pieces copied together.
    package func joined() -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(byteCount)
        for piece in pieces { piece.withUnsafeBytes { bytes.append(contentsOf: $0) } }
        return bytes
    }
}

extension TensorStorage {
    /// Memory of its own that holds `bytes`.
    package convenience init(copying bytes: some Collection<UInt8>) {
        self.init(byteCount: bytes.count)
        withUnsafeMutableBytes { $0.copyBytes(from: bytes) }
    }
}

/// An answer that a format cannot hold (406).
package struct EncodingRefusal: Error, Hashable, Sendable {
    /// One sentence that also names the formats that can.
    package let detail: String
    /// Media types that can hold this answer, best first.
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
