import Synchronization

/// Bytes that all requests together may need, by estimate.
package final class MemoryBudget: Sendable {
    package let limit: Int
    private let used = Atomic(0)
    private let refused = Atomic(0)

    package init(limit: Int) { self.limit = limit }

    package var reservedByteCount: Int { used.load(ordering: .relaxed) }

    /// How often there was too little left.
    var refusedCount: Int { refused.load(ordering: .relaxed) }

    /// Sets bytes aside for a body that has not been read.
    ///
    /// Bodies get half of the budget, or all of it where nothing else is there: were it full of bodies, no result would
    /// find room, and every upload would end in a refusal.
    ///
    /// - Throws: what ``reserve(_:)`` throws.
    func admit(_ byteCount: Int) throws(Failure) {
        try reserve(byteCount)
        let reserved = reservedByteCount
        guard reserved <= limit / 2 || reserved == byteCount else {
            release(byteCount)
            refused.add(1, ordering: .relaxed)
            throw .outOfMemoryBudget
        }
    }

    /// Sets bytes aside.
    ///
    /// - Throws: `outOfMemoryBudget` where they are taken at the moment, `requestTooLarge` where they never can be free.
    package func reserve(_ byteCount: Int) throws(Failure) {
        guard byteCount <= limit else { throw .requestTooLarge(byteCount: byteCount, budget: limit) }
        guard used.add(byteCount, ordering: .relaxed).newValue <= limit else {
            release(byteCount)
            refused.add(1, ordering: .relaxed)
            throw .outOfMemoryBudget
        }
    }

    package func release(_ byteCount: Int) {
        used.subtract(byteCount, ordering: .relaxed)
    }
}
