/// The memory that is set aside for a request's body, given back with the body, at the latest when the request is over.
package struct Reservation: Sendable {
    let budget: MemoryBudget
    let record: RequestRecord

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
