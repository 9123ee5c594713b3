import RecycledMemory
import Synchronization

/// The memory of one request on the service's budget.
///
/// What a plan says that it will take is paid in advance, so that a request finds out before it has computed; blocks then
/// draw from that first.
final class RequestMemory: MemoryAccount {
    private let budget: MemoryBudget
    private let prepaid = Atomic(0)

    init(_ budget: MemoryBudget) { self.budget = budget }

    deinit { settle() }

    func prepay(_ byteCount: Int) throws(Failure) {
        try budget.reserve(byteCount)
        prepaid.add(byteCount, ordering: .relaxed)
    }

    /// Gives back what was paid in advance and not drawn.
    func settle() { budget.release(prepaid.exchange(0, ordering: .relaxed)) }

    func reserve(_ byteCount: Int) throws(MemoryShortage) {
        let drawn = draw(byteCount)
        do throws(Failure) {
            try budget.reserve(byteCount - drawn)
        } catch {
            prepaid.add(drawn, ordering: .relaxed)
            guard case .requestTooLarge(_, let budget) = error else { throw .budget }
            throw .limit(needed: byteCount, budget: budget)
        }
    }

    func release(_ byteCount: Int) { budget.release(byteCount) }

    /// Takes as much of `byteCount` as there is of what was paid in advance.
    private func draw(_ byteCount: Int) -> Int {
        var there = prepaid.load(ordering: .relaxed)
        while there > 0 {
            let drawn = min(there, byteCount)
            let (isDrawn, now) = prepaid.compareExchange(
                expected: there, desired: there - drawn, ordering: .relaxed)
            if isDrawn { return drawn }
            there = now
        }
        return 0
    }
}
