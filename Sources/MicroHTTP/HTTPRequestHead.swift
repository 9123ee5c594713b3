import RecycledMemory

/// The head of a request, checked strictly before anything else saw it.
package final class HTTPRequestHead: Sendable {
    package let method: String
    /// The path as sent, percent-encoding kept, without the query.
    package let path: String
    /// What follows the `?`, as sent; nil where there is none.
    package let query: String?
    /// From `Content-Length`; nil for a chunked body.
    package let contentLength: Int?
    package let isChunked: Bool
    /// The peer's address without its port; empty for a UNIX socket.
    package let peer: String
    private let fields: Bytes

    package convenience init(
        method: String, path: String, query: String? = nil, headers: [(name: String, value: String)] = [],
        contentLength: Int? = 0, isChunked: Bool = false, peer: String = ""
    ) {
        self.init(
            method: method, path: path, query: query, fields: Bytes(headerFields: headers),
            contentLength: contentLength,
            isChunked: isChunked, peer: peer)
    }

    init(
        method: String, path: String, query: String?, fields: Bytes, contentLength: Int?, isChunked: Bool,
        peer: String
    ) {
        self.method = method
        self.path = path
        self.query = query
        self.fields = fields
        self.contentLength = contentLength
        self.isChunked = isChunked
        self.peer = peer
    }

    /// Visits all header fields, name and value as sent, in the order of arrival.
    package func forEachHeader(_ visit: (_ name: Span<UInt8>, _ value: Span<UInt8>) -> Void) {
        fields.forEachHeaderField(visit)
    }
}
