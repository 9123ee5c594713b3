import RecycledMemory
/// What an application wants to know of a request from its head to its end.
package typealias HTTPContext = AnyObject & Sendable

/// Responds to requests.
///
/// Called on connection threads, many at a time; must be quick and never block.
package protocol HTTPApplication: AnyObject, Sendable {
    /// Bytes of a body, at most.
    var bodyLimit: Int { get }

    /// Decides on a checked head, before any of its body is read.
    ///
    /// A request without a body, or with a small one, keeps its connection. Before a large body a response is sent at once
    /// and the connection closes.
    ///
    /// - Returns: what goes with the request to its end; and nil where the body is to be read, else the response.
    func decide(_ head: HTTPRequestHead) -> (context: any HTTPContext, response: HTTPResponse?)

    /// Sets memory aside for a body that is arriving.
    ///
    /// Called before the body's buffer grows, so that a body takes memory as it arrives and not as it was announced. Not
    /// called for an empty body.
    ///
    /// - Parameter byteCount: what the buffer will hold in total.
    /// - Returns: nil where there is room, else the response that ends the request.
    func makeRoom(forBodyOf byteCount: Int, context: any HTTPContext) -> HTTPResponse?

    /// Responds to requests whose bodies are complete, to each now or later.
    ///
    /// Small requests that arrive together come together, so that each step can be taken for all of them while its
    /// code is in the processor's cache.
    ///
    /// - Returns: a decision for each request, in their order.
    func respond(to requests: [HTTPRequest]) -> [HTTPResponseDecision]

    /// The last word on a request that ``decide(_:)`` has seen: its response is sent or given up.
    ///
    /// Called exactly once for each of them.
    func completed(context: any HTTPContext, wasSent: Bool)

    /// The response to a request that the HTTP layer rejects by itself.
    ///
    /// - Parameter context: nil where ``decide(_:)`` has not seen the request.
    func response(to rejection: HTTPRejection, context: (any HTTPContext)?) -> HTTPResponse
}

extension HTTPApplication {
    package func makeRoom(forBodyOf byteCount: Int, context: any HTTPContext) -> HTTPResponse? { nil }

    package func response(to rejection: HTTPRejection, context: (any HTTPContext)?) -> HTTPResponse {
        HTTPResponse(
            status: rejection.status, headers: [("Content-Type", "text/plain")],
            body: [Bytes(copying: "\(rejection.detail)\n".utf8)])
    }
}
