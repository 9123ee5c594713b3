/// What answers requests. Called on connection threads, many at a time; must be quick and never block.
package protocol HTTPApplication: Sendable {
    /// Decides on a checked head, before any of its body is read.
    func decide(_ head: HTTPRequestHead) -> HTTPHeadDecision

    /// Answers a request whose body is complete, now or later.
    ///
    /// - Parameter context: what ``decide(_:)`` handed over.
    func respond(
        to head: HTTPRequestHead, body: HTTPBody, context: any Sendable, on exchange: HTTPExchange
    ) -> HTTPReply

    /// The last word on a request that ``decide(_:)`` has seen: its response is sent or given up.
    func completed(context: any Sendable, wasSent: Bool)
}

/// What becomes of a request after its head.
package enum HTTPHeadDecision: Sendable {
    /// Read the body, up to `bodyLimit` bytes, then ask for the answer.
    case receive(bodyLimit: Int, context: any Sendable)
    /// Answer at once, read no body, close the connection.
    case refuse(HTTPResponse, context: any Sendable)
}

/// How a request is answered.
package enum HTTPReply: Sendable {
    case now(HTTPResponse)
    /// The connection is set aside until ``HTTPExchange/finish(_:)`` is called, from any thread.
    case later
}

/// One request on its way between the connection's thread and whoever works on it.
package final class HTTPExchange: @unchecked Sendable {
    // @unchecked Sendable: to be replaced by the real one.
    package init() {}

    /// Gives the answer to a request for which `respond` returned ``HTTPReply/later``. Exactly once; may come before
    /// `respond` has returned.
    package func finish(_ response: HTTPResponse) {}

    /// Whether the client is known to have gone: a cheap look at the socket.
    package var isAbandoned: Bool { false }
}
