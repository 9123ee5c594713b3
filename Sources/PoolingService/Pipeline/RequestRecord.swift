package import MicroHTTP
package import PoolingEngine
import Synchronization

/// All that the service knows of one request, from its head until its response has left.
///
/// The connection's thread and a worker may hold it at the same time, so what changes is atomic or behind a lock.
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
        /// The part of it that counts towards the client's share.
        package var sharedByteCount = 0
        /// The model that was asked, under `/v2`.
        package var model: PoolingRequest.Endpoint?
    }

    package let id: String
    package let method: String
    package let head: HTTPRequestHead
    package let headers: RequestHeaders
    package let started: MonotonicInstant
    /// nil where no line of the table matches.
    let route: Route?
    /// What the path has in the place of the route's parameters.
    let parameters: [String: String]
    /// Whether errors also have the form of the Open Inference Protocol.
    let isOpenInference: Bool
    private let until: Atomic<UInt64>
    /// The largest that `Atomic.min` takes for positive.
    private static let never = UInt64.max >> 1
    private let outcome = Mutex(Outcome())

    init(
        _ head: HTTPRequestHead, route: Route? = nil, parameters: [String: String] = [:],
        started: MonotonicInstant = .now
    ) {
        self.head = head
        headers = RequestHeaders(head)
        id = headers.requestID ?? RequestID.make()
        method = Router.methodLabel(head.method)
        self.route = route
        self.parameters = parameters
        self.started = started
        isOpenInference = head.path == "/v2" || head.path.hasPrefix("/v2/")
        until = Atomic(Self.never)
    }

    /// The route's path, never the client's.
    var routeLabel: String { route?.path ?? "none" }
    var peer: String? { head.peer.isEmpty ? nil : head.peer }

    /// The time until which a response is of use.
    var deadline: MonotonicInstant { MonotonicInstant(nanoseconds: until.load(ordering: .relaxed)) }

    /// Brings the deadline forward to `instant`, unless it is earlier already.
    func shorten(to instant: MonotonicInstant) { until.min(instant.nanoseconds, ordering: .relaxed) }

    func update<Value: Sendable>(_ change: (inout Outcome) -> Value) -> Value {
        outcome.withLock { change(&$0) }
    }

    var current: Outcome { outcome.withLock { $0 } }
}
