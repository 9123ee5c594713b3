import Synchronization

/// Tells a computation that is under way to stop, because its deadline has passed or nobody waits for its result.
///
/// Kernels look at it between units of work of a few milliseconds at most.
package final class Cancellation: Sendable {
    private let isSet = Atomic(false)
    private let isDue: @Sendable () -> Bool

    /// - Parameter isDue: called between units of work, from any thread that computes; once it has returned true it is
    ///   not called again.
    package init(isDue: @escaping @Sendable () -> Bool = { false }) {
        self.isDue = isDue
    }

    package func cancel() { isSet.store(true, ordering: .relaxed) }

    /// Whether the computation should stop.
    package var isCancelled: Bool {
        if isSet.load(ordering: .relaxed) { return true }
        guard isDue() else { return false }
        cancel()
        return true
    }

    /// Numbers of a list that planning looks at between two looks at whether to stop: a few milliseconds at most.
    static let numbersBetweenLooks = 1 << 14

    /// Throws where the planning should stop; for loops over lists of the request, which may be as long as its body.
    @inline(__always)
    func checkpoint(at index: Int) throws(PoolingError) {
        if index % Self.numbersBetweenLooks == 0 { try check() }
    }

    /// Throws where the computation should stop.
    func check() throws(PoolingError) {
        if isCancelled { throw .stopped }
    }
}
