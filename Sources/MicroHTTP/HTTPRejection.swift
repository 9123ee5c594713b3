import RecycledMemory

/// A request that the HTTP layer rejects by itself.
package struct HTTPRejection: Sendable {
    /// 400, 403, 408, 411, 413, 414, 417, 431, 501, 503 or 505.
    package let status: Int
    /// Why, without any of the request's bytes.
    package let detail: String
    private let fields: Bytes

    package init(status: Int, detail: String, headers: [(name: String, value: String)] = []) {
        self.init(status: status, detail: detail, fields: Bytes(headerFields: headers))
    }

    init(status: Int, detail: String, fields: Bytes) {
        self.status = status
        self.detail = detail
        self.fields = fields
    }

    /// Visits the header fields as far as they are known; they may be malformed.
    package func forEachHeader(_ visit: (_ name: Span<UInt8>, _ value: Span<UInt8>) -> Void) {
        fields.forEachHeaderField(visit)
    }
}
