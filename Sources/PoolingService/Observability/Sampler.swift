import Synchronization

/// Picks a part of a sequence, evenly: at a rate of 0.25 every fourth.
final class Sampler: Sendable {
    private let rate: Double
    private let count = Atomic<UInt64>(0)

    /// - Parameter rate: from 0 (none) to 1 (all).
    init(rate: Double) { self.rate = rate }

    func takesNext() -> Bool {
        if rate >= 1 { return true }
        let number = Double(count.wrappingAdd(1, ordering: .relaxed).newValue)
        return (number * rate).rounded(.down) > ((number - 1) * rate).rounded(.down)
    }
}
