package import RecycledMemory
import Synchronization

/// Bytes that all requests together may need, by estimate.
package final class MemoryBudget: MemoryAccount {
    /// How long bodies may find no room before the service counts as not ready.
    static let patience: UInt64 = 2_000_000_000

    package let limit: Int
    private let used = Atomic(0)
    private let rejected = Atomic(0)
    /// When the part for bodies was used up, in nanoseconds; 0 where there is room.
    private let fullSince = Atomic<UInt64>(0)

    package init(limit: Int) { self.limit = limit }

    package var reservedByteCount: Int { used.load(ordering: .relaxed) }

    /// How often there was too little left.
    var rejectedCount: Int { rejected.load(ordering: .relaxed) }

    /// Bodies get half of the budget: were it full of them, no result would find room, and every upload would end in a
    /// rejection.
    private var bodyLimit: Int { limit / 2 }

    /// Whether bodies have found no room for longer than a moment.
    func isExhausted(at now: MonotonicInstant) -> Bool {
        guard reservedByteCount > bodyLimit else { return false }
        let since = fullSince.load(ordering: .relaxed)
        guard since > 0 else {
            // The thread that filled it has not noted it yet, or was overtaken by one that made room before.
            fullSince.store(now.nanoseconds, ordering: .relaxed)
            return false
        }
        return now.nanoseconds > since + Self.patience
    }

    /// Looks whether a body of which nothing has arrived would find room, so that a client learns it before it sends.
    ///
    /// - Throws: what ``reserve(_:)`` throws.
    func check(_ byteCount: Int) throws(MemoryShortage) {
        guard byteCount <= limit else { throw .limit(needed: byteCount, budget: limit) }
        let reserved = reservedByteCount
        guard reserved == 0 || byteCount <= bodyLimit - reserved else { throw noRoom() }
    }

    /// Sets bytes aside for a body that is arriving.
    ///
    /// It gets all of the budget where nothing else is there.
    ///
    /// - Parameter own: what the same request holds already.
    /// - Throws: what ``reserve(_:)`` throws.
    func admit(_ byteCount: Int, besides own: Int = 0) throws(MemoryShortage) {
        try reserve(byteCount)
        let reserved = reservedByteCount
        guard reserved <= bodyLimit || reserved == byteCount + own else {
            release(byteCount)
            throw noRoom()
        }
    }

    /// Sets bytes aside.
    ///
    /// - Throws: `budget` where they are taken at the moment, `limit` where they never can be free.
    package func reserve(_ byteCount: Int) throws(MemoryShortage) {
        guard byteCount <= limit else { throw .limit(needed: byteCount, budget: limit) }
        let (before, after) = used.add(byteCount, ordering: .relaxed)
        guard after <= limit else {
            used.subtract(byteCount, ordering: .relaxed)
            throw noRoom()
        }
        if before <= bodyLimit, after > bodyLimit {
            fullSince.store(MonotonicInstant.now.nanoseconds, ordering: .relaxed)
        }
    }

    package func release(_ byteCount: Int) {
        let (before, after) = used.subtract(byteCount, ordering: .relaxed)
        if before > bodyLimit, after <= bodyLimit { fullSince.store(0, ordering: .relaxed) }
    }

    private func noRoom() -> MemoryShortage {
        rejected.add(1, ordering: .relaxed)
        return .budget
    }
}
