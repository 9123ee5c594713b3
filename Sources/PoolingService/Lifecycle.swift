import Synchronization

/// Whether the service still wants requests.
package final class Lifecycle: Sendable {
    private let draining = Atomic(false)
    private let stopped = Atomic(false)

    package init() {}

    package var isDraining: Bool { draining.load(ordering: .relaxed) }

    package func beginDraining() { draining.store(true, ordering: .relaxed) }

    /// Whether even the requests that are under way must stop.
    package var isStopped: Bool { stopped.load(ordering: .relaxed) }

    package func stopWork() { stopped.store(true, ordering: .relaxed) }
}
