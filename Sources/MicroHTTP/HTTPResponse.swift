package import RecycledMemory

/// The response to a request.
package struct HTTPResponse: Sendable {
    package var status: Int
    /// `Content-Length`, `Transfer-Encoding`, `Connection` and `Date` are the server's own.
    package var headers: [(name: String, value: String)]
    /// Pieces that are sent one after the other without being copied together.
    package var body: [Bytes]

    package init(status: Int, headers: [(name: String, value: String)] = [], body: [Bytes] = []) {
        self.status = status
        self.headers = headers
        self.body = body
    }
}
