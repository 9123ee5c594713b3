package import PoolingEngine
package import PoolingWire
package import Workers

/// Every way in which a request can fail, before it becomes a ``Problem``.
package enum Failure: Error, Sendable {
    case wire(WireError)
    case rejected(PoolingError)
    case notAdmitted(Workers.Rejection)
    /// Well-formed HTTP with a header or query that cannot be read.
    case malformedRequest(detail: String)
    case bodyTooLarge(limit: Int)
    /// More memory than the whole budget would be needed.
    case requestTooLarge(byteCount: Int, budget: Int)
    case outOfMemoryBudget
    case unauthorized
    case rateLimited(retryAfterSeconds: Int)
    /// - Parameter hint: what may have been meant, as the end of a sentence; or nothing.
    case notFound(path: String, hint: String)
    case unknownModel(String, known: [String])
    case methodNotAllowed(method: String, allowed: [String])
    case unsupportedMediaType(String, spoken: [String])
    case unsupportedContentEncoding(String, spoken: [String])
    case notAcceptable(detail: String)
    case deadlineExceeded
    case draining
    /// The client is gone, so there is no response.
    case clientGone
    case `internal`
}
