import MicroHTTP
import PoolingEngine
import PoolingWire

extension HTTPResponse.Body {
    /// The pieces as they are, sent without being copied.
    init(_ encoded: EncodedBody) {
        // A storage's bytes stay where they are and unchanged, and the body that owns them goes along.
        let pieces = encoded.pieces.map { storage in storage.withUnsafeBytes { HTTPResponse.UnsafePiece(bytes: $0) } }
        self = .pieces(pieces, owner: encoded)
    }

    /// Rows that follow each other, sent without being copied together.
    init(rows: [[UInt8]]) {
        guard rows.count > 1 else {
            self = .bytes(rows.first ?? [])
            return
        }
        // An array's bytes stay where they are as long as somebody holds the array and nobody changes it.
        self = .pieces(rows.map { HTTPResponse.UnsafePiece(bytes: $0.withUnsafeBytes { $0 }) }, owner: rows)
    }

    /// The same bytes for a compressor.
    var encoded: EncodedBody {
        switch self {
        case .none: EncodedBody([])
        case .bytes(let bytes):
            // An array's bytes stay where they are as long as somebody holds the array and nobody changes it.
            EncodedBody([TensorStorage(viewing: bytes.withUnsafeBytes { $0 }, owner: Owner(bytes))])
        case .pieces(let pieces, let owner):
            EncodedBody(pieces.map { TensorStorage(viewing: $0.bytes, owner: Owner(owner)) })
        }
    }

    var byteCount: Int {
        switch self {
        case .none: 0
        case .bytes(let bytes): bytes.count
        case .pieces(let pieces, _): pieces.reduce(0) { $0 + $1.bytes.count }
        }
    }

    private final class Owner: Sendable {
        private let held: any Sendable
        init(_ held: any Sendable) { self.held = held }
    }
}

extension HTTPBody {
    /// The bytes of `storage`, without a copy.
    convenience init(_ storage: TensorStorage) {
        // A storage's bytes stay where they are and unchanged as long as the closure holds it.
        self.init(bytes: storage.withUnsafeBytes { $0 }) { _ in withExtendedLifetime(storage) {} }
    }
}
