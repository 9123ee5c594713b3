package import MicroHTTP

/// Where the response of a request goes that is finished on a worker.
package protocol ResponseSink: Sendable {
    func finish(_ response: HTTPResponse)
    /// Whether the client is gone.
    var isAbandoned: Bool { get }
    /// Whether the client has closed its side; it may still wait for the response, but seldom does.
    var hasHungUp: Bool { get }
}

extension HTTPExchange: ResponseSink {}
