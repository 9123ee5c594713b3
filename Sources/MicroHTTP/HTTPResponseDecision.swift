/// Whether the response to a request comes now or later.
package enum HTTPResponseDecision: Sendable {
    case now(HTTPResponse)
    /// The connection is set aside until ``HTTPRequest/finish(_:)`` is called, from any thread.
    case later
}
