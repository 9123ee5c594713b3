/// The memory that is set aside for a request's body, given back with the body, at the latest when the request is over.
final class Reservation: Sendable {
    private let budget: MemoryBudget
    private let record: RequestRecord

    init(budget: MemoryBudget, record: RequestRecord) {
        self.budget = budget
        self.record = record
    }

    deinit { shrink(to: 0) }

    /// Gives back what is beyond `byteCount`.
    func shrink(to byteCount: Int) {
        budget.release(
            record.update { outcome in
                let surplus = max(0, outcome.reservedByteCount - byteCount)
                outcome.reservedByteCount -= surplus
                return surplus
            })
    }
}
