/// A request that was understood and cannot be done, and what the caller should change.
package struct PoolingError: Error, Hashable, Sendable {
    /// The kinds of rejection; each has a `code` in responses.
    package enum Reason: CaseIterable, Sendable {
        case missingField
        case unknownField
        case unusedField
        case wrongType
        case unknownOp
        case unknownRegion
        case unknownValue
        case outOfRange
        case wrongRank
        case wrongLength
        case raggedArray
        case shapeMismatch
        case kernelTooLarge
        case emptyWindow
        case indexOutOfRange
        case notRepresentable
        case integerOverflow
        case unsupportedCombination
        /// The result would exceed the limit that the service sets (413).
        case resultTooLarge
        /// The work would exceed the limit that the service sets (413).
        case workTooLarge
        /// The plan, with its tables, would exceed the limit that the service sets (413).
        case planTooLarge
        /// The system gave no memory (503).
        case outOfMemory
        /// A ``Cancellation`` stopped the computation: the deadline passed, the client left, or the service shuts down.
        case stopped
    }

    package let reason: Reason
    /// The field to blame as a JSON pointer without its leading slash, such as `kernel/1`; empty for the whole request.
    package let field: String
    /// One sentence with the offending numbers in it.
    package let detail: String

    package init(_ reason: Reason, at field: String, _ detail: String) {
        self.reason = reason
        self.field = field
        self.detail = detail
    }

    /// The system gave no memory for the tensors of a request.
    package static let outOfMemory = PoolingError(
        .outOfMemory, at: "", "the server has no memory for this request at the moment")
    /// Runs `body`, which computes a part of a request that is at `location`.
    static func locating<Value>(
        _ location: String, _ body: () throws(PoolingError) -> Value
    ) throws(PoolingError) -> Value {
        do {
            return try body()
        } catch {
            guard error.reason != .stopped, error.reason != .outOfMemory else { throw error }
            // The parts of a request have their own indices, and an input of which nothing is known outside.
            throw PoolingError(
                error.reason, at: error.field == TensorName.indices.rawValue ? "\(location)/\(error.field)" : location,
                error.detail)
        }
    }

    static let stopped = PoolingError(.stopped, at: "", "the computation was stopped before it was done")
}
