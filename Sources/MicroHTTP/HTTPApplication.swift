/// What an application wants to know of a request from its head to its end.
package typealias HTTPContext = AnyObject & Sendable

/// What answers requests.
///
/// Called on connection threads, many at a time; must be quick and never block.
package protocol HTTPApplication: AnyObject, Sendable {
    /// Decides on a checked head, before any of its body is read.
    func decide(_ head: HTTPRequestHead) -> HTTPHeadDecision

    /// Answers requests whose bodies are complete, each now or later.
    ///
    /// Small requests that arrive together come together, so that each step can be taken for all of them while its
    /// code is in the processor's cache.
    ///
    /// - Returns: a reply for each request, in their order.
    func respond(to requests: [HTTPRequest]) -> [HTTPReply]

    /// The last word on a request that ``decide(_:)`` has seen: its response is sent or given up.
    ///
    /// Called exactly once for each of them.
    func completed(context: any HTTPContext, wasSent: Bool)

    /// The answer to what the HTTP layer refuses by itself, mostly before ``decide(_:)`` has seen it.
    ///
    /// - Parameters:
    ///   - status: 400, 403, 408, 411, 413, 414, 417, 431, 501, 503 or 505.
    ///   - detail: why, without any of the request's bytes.
    func malformed(status: Int, detail: String) -> HTTPResponse
}

extension HTTPApplication {
    package func malformed(status: Int, detail: String) -> HTTPResponse {
        HTTPResponse(status: status, headers: [("Content-Type", "text/plain")], body: .bytes(Array("\(detail)\n".utf8)))
    }
}

/// What becomes of a request after its head.
package enum HTTPHeadDecision: Sendable {
    /// Read the body, up to `bodyLimit` bytes, then ask for the answer.
    case receive(bodyLimit: Int, context: any HTTPContext)

    /// Answer without looking at the body.
    ///
    /// A request without a body, or with a small one, keeps its connection. Before a large body the answer is sent at
    /// once and the connection closes.
    case refuse(HTTPResponse, context: any HTTPContext)
}

/// A request whose body is complete.
package struct HTTPRequest: Sendable {
    package let head: HTTPRequestHead
    package let body: HTTPBody
    /// What ``HTTPApplication/decide(_:)`` handed over.
    package let context: any HTTPContext
    package let exchange: HTTPExchange
}

/// How a request is answered.
package enum HTTPReply: Sendable {
    case now(HTTPResponse)
    /// The connection is set aside until ``HTTPExchange/finish(_:)`` is called, from any thread.
    case later
}
