/// The head of a request, checked strictly before anything else saw it.
package struct HTTPRequestHead: Sendable {
    package let method: String
    /// The path as sent, percent-encoding kept, without the query.
    package let path: String
    /// What follows the `?`, as sent; nil where there is none.
    package let query: String?
    /// In the order of arrival, names as sent.
    package let headers: [(name: String, value: String)]
    /// From `Content-Length`; nil for a chunked body.
    package let contentLength: Int?
    package let isChunked: Bool
    /// The peer's address without its port; empty for a UNIX socket.
    package let peer: String

    package init(
        method: String, path: String, query: String? = nil, headers: [(name: String, value: String)] = [],
        contentLength: Int? = 0, isChunked: Bool = false, peer: String = ""
    ) {
        self.method = method
        self.path = path
        self.query = query
        self.headers = headers
        self.contentLength = contentLength
        self.isChunked = isChunked
        self.peer = peer
    }

    /// The value of the first header of that name, case-insensitively.
    package func header(_ name: String) -> String? {
        headers.first { $0.name.count == name.count && $0.name.lowercased() == name.lowercased() }?.value
    }
}

/// The bytes of a request's body, in one piece.
///
/// Lives as long as anyone holds it, so that tensors may be views of it.
package final class HTTPBody: @unchecked Sendable {
    // @unchecked Sendable because the bytes are written by the connection's thread only, before the body is handed over.
    package let bytes: UnsafeRawBufferPointer
    private let release: @Sendable (UnsafeRawBufferPointer) -> Void

    package init(bytes: UnsafeRawBufferPointer, release: @escaping @Sendable (UnsafeRawBufferPointer) -> Void) {
        self.bytes = bytes
        self.release = release
    }

    deinit { release(bytes) }
}
