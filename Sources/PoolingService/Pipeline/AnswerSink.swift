package import MicroHTTP

/// Where the answer of a request goes that is finished on a worker.
package protocol AnswerSink: Sendable {
    func finish(_ response: HTTPResponse)
    /// Whether nobody waits for the answer any more.
    var isAbandoned: Bool { get }
    /// Whether the client has closed its side; it may still wait for the answer, but seldom does.
    var hasHungUp: Bool { get }
}

extension HTTPExchange: AnswerSink {}
