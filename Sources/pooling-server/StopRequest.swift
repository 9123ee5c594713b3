import Synchronization

/// Tells the first signal to stop from those after it.
final class StopRequest: Sendable {
    private let wasMade = Atomic(false)

    func isFirst() -> Bool { !wasMade.exchange(true, ordering: .relaxed) }
}
