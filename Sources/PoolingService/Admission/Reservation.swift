/// The memory that is set aside for one request, given back as a whole when the request is over.
package struct Reservation: Sendable {
    let budget: MemoryBudget
    let record: RequestRecord

    func grow(by byteCount: Int) throws(Failure) {
        try budget.reserve(byteCount)
        record.update { $0.reservedByteCount += byteCount }
    }

    /// Puts what is known now in place of what was feared before.
    func replace(_ feared: Int, with known: Int) throws(Failure) {
        if known > feared {
            try grow(by: known - feared)
        } else {
            budget.release(feared - known)
            record.update { $0.reservedByteCount -= feared - known }
        }
    }
}
