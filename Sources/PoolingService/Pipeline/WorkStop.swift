import MicroHTTP
import PoolingEngine
import PoolingWire
import Synchronization

/// Tells when the work on a request should stop: its client is gone, or its deadline has passed.
final class WorkStop: Sendable {
    enum Cause: UInt8, CaseIterable, Sendable {
        case deadline = 1
        case client
        case shutdown

        /// The response.
        var failure: Failure {
            switch self {
            case .deadline: .deadlineExceeded
            case .client: .clientGone
            case .shutdown: .draining
            }
        }

        /// For metrics.
        var label: String {
            switch self {
            case .deadline: "deadline"
            case .client: "client"
            case .shutdown: "shutdown"
            }
        }
    }

    /// Between two looks: the clock is quick to read, the socket is not.
    private static let nanosecondsBetweenLooks: UInt64 = 5_000_000
    /// A client that has closed its side may still read, but seldom does; results that are done by then are sent.
    private static let patienceWithHungUp: UInt64 = 100_000_000

    private let request: HTTPRequest
    private let record: RequestRecord
    private let lifecycle: Lifecycle
    private let now: @Sendable () -> MonotonicInstant
    private let started = Atomic(UInt64.max)
    private let nextLook = Atomic<UInt64>(0)
    /// A ``Cause``, or 0.
    private let found = Atomic<UInt8>(0)

    init(
        _ request: HTTPRequest, _ record: RequestRecord, _ lifecycle: Lifecycle,
        now: @escaping @Sendable () -> MonotonicInstant = { .now }
    ) {
        self.request = request
        self.record = record
        self.lifecycle = lifecycle
        self.now = now
    }

    /// Why the work was to stop, once somebody has found out.
    var cause: Cause? { Cause(rawValue: found.load(ordering: .relaxed)) }

    /// For workers; checks at most every few milliseconds.
    func cancellation() -> Cancellation { Cancellation { self.isDue } }

    /// For steps that finish their work when the deadline has passed.
    func cancellationBesidesDeadline() -> Cancellation { Cancellation { self.isDue && self.cause != .deadline } }

    /// Work begins, here or again on another worker.
    func begin() {
        _ = started.compareExchange(
            expected: .max, desired: now().nanoseconds, ordering: .relaxed)
    }

    /// Throws where the work should stop; looks at once.
    func check() throws(Failure) {
        look(at: now().nanoseconds)
        if cause != nil { throw .stopped }
    }

    private var isDue: Bool {
        if found.load(ordering: .relaxed) != 0 { return true }
        let now = now().nanoseconds
        let next = nextLook.load(ordering: .relaxed)
        guard now >= next,
            nextLook.compareExchange(expected: next, desired: now &+ Self.nanosecondsBetweenLooks, ordering: .relaxed)
                .exchanged
        else { return false }
        look(at: now)
        return cause != nil
    }

    private func look(at now: UInt64) {
        guard cause == nil, let cause = cause(at: now) else { return }
        _ = found.compareExchange(expected: 0, desired: cause.rawValue, ordering: .relaxed)
    }

    private func cause(at now: UInt64) -> Cause? {
        if lifecycle.isStopped { return .shutdown }
        if request.isAbandoned { return .client }
        if record.deadline.nanoseconds <= now { return .deadline }
        let began = started.load(ordering: .relaxed)
        let isPatient = began >= now || now - began < Self.patienceWithHungUp
        return !isPatient && request.hasHungUp ? .client : nil
    }
}
