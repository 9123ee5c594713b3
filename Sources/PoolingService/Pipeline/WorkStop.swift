import PoolingEngine
import PoolingWire
import Synchronization

/// Tells when the work on a request should stop: its client is gone, or its deadline has passed.
final class WorkStop: Sendable {
    enum Cause: UInt8, CaseIterable, Sendable {
        case deadline = 1
        case client
        case shutdown

        /// What is answered.
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

    private let sink: any ResponseSink
    private let lifecycle: Lifecycle
    private let until: Atomic<UInt64>
    private let started = Atomic(UInt64.max)
    private let nextLook = Atomic<UInt64>(0)
    /// A ``Cause``, or 0.
    private let found = Atomic<UInt8>(0)

    init(_ deadline: Deadline, sink: any ResponseSink, lifecycle: Lifecycle) {
        until = Atomic(deadline.instant.nanoseconds)
        self.sink = sink
        self.lifecycle = lifecycle
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
            expected: .max, desired: MonotonicInstant.now.nanoseconds, ordering: .relaxed)
    }

    var deadline: Deadline { Deadline(MonotonicInstant(nanoseconds: until.load(ordering: .relaxed))) }

    func shorten(to deadline: Deadline) { until.min(deadline.instant.nanoseconds, ordering: .relaxed) }

    /// Throws where the work should stop; looks at once.
    func check() throws(Failure) {
        look(at: MonotonicInstant.now.nanoseconds)
        if cause != nil { throw .wire(.stopped) }
    }

    private var isDue: Bool {
        if found.load(ordering: .relaxed) != 0 { return true }
        let now = MonotonicInstant.now.nanoseconds
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
        if sink.isAbandoned { return .client }
        if until.load(ordering: .relaxed) <= now { return .deadline }
        let began = started.load(ordering: .relaxed)
        let isPatient = began >= now || now - began < Self.patienceWithHungUp
        return !isPatient && sink.hasHungUp ? .client : nil
    }
}

extension Failure {
    /// Whether a cancellation caused this.
    var isStop: Bool {
        switch self {
        case .wire(.stopped): true
        case .wire(.rejected(let rejection)), .rejected(let rejection): rejection.reason == .stopped
        default: false
        }
    }
}
