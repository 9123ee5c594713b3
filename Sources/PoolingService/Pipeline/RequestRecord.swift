import MicroHTTP
package import PoolingEngine
import Synchronization

/// What is known of one request, from its head until its response has left.
///
/// The connection's thread and a worker may hold it at the same time, so what changes is behind a lock.
package final class RequestRecord: Sendable {
    /// The bounded names under which a request's work is counted and logged.
    package struct Labels: Hashable, Sendable {
        package let operation: String
        package let region: String
        package let kernel: String
    }

    /// What became of the request.
    package struct Outcome: Sendable {
        package var status = 0
        package var code: ProblemCode?
        package var labels: Labels?
        /// Of the request's main tensor.
        package var shape: [Int]?
        package var timings = Timings()
        package var requestByteCount = 0
        package var responseByteCount = 0
        package var reservedByteCount = 0
        /// What of it counts towards the client's share.
        package var sharedByteCount = 0
        /// The model that was asked, under `/v2`.
        package var model: PoolingRequest.Endpoint?
    }

    package let id: String
    package let method: String
    package let headers: RequestHeaders
    package let started: MonotonicInstant
    /// nil where no line of the table matches.
    let match: Router.Match?
    let peer: String?
    /// Whether errors also have the form of the Open Inference Protocol.
    let isOpenInference: Bool
    private let outcome = Mutex(Outcome())

    init(_ head: HTTPRequestHead, headers: RequestHeaders, match: Router.Match?, started: MonotonicInstant) {
        id = headers.requestID ?? RequestID.make()
        method = Router.methodLabel(head.method)
        self.headers = headers
        self.match = match
        self.started = started
        peer = head.peer.isEmpty ? nil : head.peer
        isOpenInference = head.path == "/v2" || head.path.hasPrefix("/v2/")
    }

    var route: Route? { match?.route }

    /// The route's path, never the client's.
    var routeLabel: String { route?.path ?? "none" }

    func update<Value: Sendable>(_ change: (inout Outcome) -> Value) -> Value {
        outcome.withLock { change(&$0) }
    }

    var current: Outcome { outcome.withLock { $0 } }
}
