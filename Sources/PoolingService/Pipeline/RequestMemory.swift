import PoolingEngine
import RecycledMemory
import Synchronization

/// The memory of one request on the service's budget.
///
/// What a plan says that it will take is paid in advance, so that a request finds out before it has computed; blocks then
/// draw from that first.
final class RequestMemory: MemoryAccount {
    private let budget: MemoryBudget
    private let prepaid = Atomic(0)
    /// All that this request has on the budget.
    private let held = Atomic(0)

    init(_ budget: MemoryBudget) { self.budget = budget }

    deinit { settle() }

    func prepay(_ byteCount: Int) throws(MemoryShortage) {
        try hold(byteCount)
        prepaid.add(byteCount, ordering: .relaxed)
    }

    /// Gives back what was paid in advance and not drawn.
    func settle() { release(prepaid.exchange(0, ordering: .relaxed)) }

    func reserve(_ byteCount: Int) throws(MemoryShortage) {
        let drawn = draw(byteCount)
        do throws(MemoryShortage) {
            try hold(byteCount - drawn)
        } catch {
            prepaid.add(drawn, ordering: .relaxed)
            throw error
        }
    }

    func release(_ byteCount: Int) {
        held.subtract(byteCount, ordering: .relaxed)
        budget.release(byteCount)
    }

    private func hold(_ byteCount: Int) throws(MemoryShortage) {
        let needed = held.load(ordering: .relaxed).addingSaturating(byteCount)
        // What does not fit in addition to what the request has itself will not fit later either.
        guard needed <= budget.limit else { throw .limit(needed: needed, budget: budget.limit) }
        try budget.reserve(byteCount)
        held.add(byteCount, ordering: .relaxed)
    }

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
