import MicroHTTP
import PoolingEngine
import PoolingWire

extension HTTPResponse.Body {
    /// A short text, or the pieces as they are, sent without being copied.
    ///
    /// - Parameter owner: lives as long as the pieces do.
    init(_ encoded: EncodedBody, keeping owner: (any Sendable)? = nil) {
        guard !encoded.pieces.isEmpty else {
            self = .bytes(encoded.text)
            return
        }
        // The bytes of an array and of a storage stay where they are and unchanged, and the body that owns them goes along.
        var pieces: [HTTPResponse.UnsafePiece] = []
        encoded.forEachPiece { pieces.append(HTTPResponse.UnsafePiece(bytes: $0)) }
        self = .pieces(pieces, owner: Owners(body: encoded, other: owner))
    }

    private struct Owners: Sendable {
        let body: EncodedBody
        let other: (any Sendable)?
    }

    /// The same bytes for a compressor.
    var encoded: EncodedBody {
        switch self {
        case .none: EncodedBody()
        case .bytes(let bytes): EncodedBody(text: bytes)
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

extension HTTPResponse {
    private static let noticeHeader = "Pooling-Notice"

    /// Adds a header for each notice.
    mutating func append(_ notices: [PoolingNotice]) {
        for notice in notices { headers.append((Self.noticeHeader, notice.text)) }
    }

    var notices: [String] { headers.filter { $0.name == Self.noticeHeader }.map(\.value) }
}
