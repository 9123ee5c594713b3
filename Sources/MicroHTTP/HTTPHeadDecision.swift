/// What becomes of a request after its head.
package enum HTTPHeadDecision: Sendable {
    /// Read the body, up to `bodyLimit` bytes, then ask for the response.
    case receive(bodyLimit: Int, context: any HTTPContext)

    /// Respond without looking at the body.
    ///
    /// A request without a body, or with a small one, keeps its connection. Before a large body the response is sent at
    /// once and the connection closes.
    case respond(HTTPResponse, context: any HTTPContext)
}
