/// What a connection is doing, as far as its deadline is concerned.
package enum ConnectionPhase: UInt64, Sendable, CaseIterable {
    /// Between two requests.
    case idle
    /// From the connection's first moment, or a request's first line, to the end of its head.
    case head
    case body
    /// The request is complete and its response is not there: no deadline.
    case work
    case response
    /// The deadline has passed and the connection is cut off.
    case expired
}
