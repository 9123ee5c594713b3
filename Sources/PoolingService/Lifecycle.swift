import Synchronization

/// Whether the service still wants requests.
package final class Lifecycle: Sendable {
    private let draining = Atomic(false)

    package init() {}

    package var isDraining: Bool { draining.load(ordering: .relaxed) }

    package func beginDraining() { draining.store(true, ordering: .relaxed) }
}
