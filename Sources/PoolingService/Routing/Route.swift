package import MicroHTTP

/// One line of the route table.
package final class Route: Sendable {
    /// What a request must show before it is served.
    package enum Access: Sendable {
        /// Nothing: health checks must work whatever the load.
        case probe
        /// A key where keys are asked for; never a matter of load.
        case monitoring
        /// No key, because a browser gets the page before its user can give one; the address's rate.
        case page
        /// A key, its rate, room.
        case api
    }

    package enum Action: Sendable {
        /// Responds at once, from the state of the service and what the path has in the place of the route's parameters.
        case respond(@Sendable (Service, _ parameters: [String: String]) throws(Failure) -> HTTPResponse)
        /// Decodes, computes, encodes, here or on a worker.
        case work(any WorkHandler)
    }

    package let method: String
    /// Segments in braces match any text; see ``PathPattern``.
    package let path: String
    package let access: Access
    package let action: Action

    package init(_ method: String, _ path: String, _ access: Access, _ action: Action) {
        self.method = method
        self.path = path
        self.access = access
        self.action = action
    }
}
