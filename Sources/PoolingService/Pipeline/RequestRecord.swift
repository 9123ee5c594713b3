import MicroHTTP
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
        package var timings = Timings()
        package var requestByteCount = 0
        package var responseByteCount = 0
        package var reservedByteCount = 0
    }

    package let id: String
    package let headers: RequestHeaders
    package let started: MonotonicInstant
    package let deadline: MonotonicInstant?
    /// nil where no route matches.
    let route: Route?
    let methodLabel: String
    /// Answered with this once the body has been read and thrown away.
    let refusal: Failure?
    let peer: String?
    private let outcome: Mutex<Outcome>

    init(
        _ head: HTTPRequestHead, headers: RequestHeaders, route: Route?, started: MonotonicInstant,
        deadline: MonotonicInstant?, refusal: Failure?, reservedByteCount: Int
    ) {
        id = headers.requestID ?? RequestID.make()
        self.headers = headers
        self.started = started
        self.deadline = deadline
        self.route = route
        methodLabel = Router.methodLabel(head.method)
        self.refusal = refusal
        peer = head.peer.isEmpty ? nil : head.peer
        outcome = Mutex(Outcome())
    }
}
