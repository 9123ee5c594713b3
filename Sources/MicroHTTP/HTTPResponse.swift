/// An answer to a request.
package struct HTTPResponse: Sendable {
    package enum Body: Sendable {
        case none
        case bytes([UInt8])
        /// Pieces that are sent one after the other without being copied together, and what keeps them alive.
        case pieces([UnsafePiece], owner: any Sendable)
    }

    /// Bytes that the owner named beside it keeps alive and nobody changes.
    package struct UnsafePiece: @unchecked Sendable {
        // @unchecked Sendable because the bytes are immutable while the response lives.
        package let bytes: UnsafeRawBufferPointer
        package init(bytes: UnsafeRawBufferPointer) { self.bytes = bytes }
    }

    package var status: Int
    /// `Content-Length`, `Transfer-Encoding`, `Connection` and `Date` are the server's own.
    package var headers: [(name: String, value: String)]
    package var body: Body

    package init(status: Int, headers: [(name: String, value: String)] = [], body: Body = .none) {
        self.status = status
        self.headers = headers
        self.body = body
    }
}

extension HTTPResponse.Body {
    var count: Int {
        switch self {
        case .none: 0
        case .bytes(let bytes): bytes.count
        case .pieces(let pieces, _): pieces.reduce(0) { $0 + $1.bytes.count }
        }
    }

    /// A copy in one piece.
    var flattened: [UInt8] {
        switch self {
        case .none: []
        case .bytes(let bytes): bytes
        case .pieces(let pieces, let owner): withExtendedLifetime(owner) { pieces.flatMap { Array($0.bytes) } }
        }
    }
}
