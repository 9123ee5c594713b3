/// A fault that only the data can show, found while computing; the result is withheld then.
struct DataFault: Sendable, Hashable {
    enum Kind: Sendable, Hashable {
        /// An integer result that its type cannot hold.
        case integerOverflow
        /// A negative element or NaN where probabilities are proportional to the elements.
        case notAProbability
        /// An index that names no element, of indices with this base, of which there are `count`.
        case wrongIndex(Int64, base: IndexBase, count: Int)
        /// A number of a field that another element type cannot hold.
        case notRepresentable(Double, ElementType, field: String)
        /// The system gave no memory.
        case outOfMemory
        /// A ``Cancellation`` stopped the computation.
        case stopped
    }

    let kind: Kind
    /// The flat output position whose window shows it.
    let output: Int

    /// Faults of the computation itself come before those of the data.
    static let outOfMemory = DataFault(kind: .outOfMemory, output: -1)
    static let stopped = DataFault(kind: .stopped, output: -1)
}

extension DataFault {
    var rejection: PoolingError {
        switch kind {
        case .outOfMemory: .outOfMemory
        case .stopped: .stopped
        case .integerOverflow:
            PoolingError(
                .integerOverflow, at: "input",
                "the result at flat output position \(output) does not fit the dtype; results do not saturate; use a wider dtype"
            )
        case .notAProbability:
            PoolingError(
                .outOfRange, at: "input",
                "output \(output): its window has a negative value or NaN; 'stochastic' needs values ≥ 0")
        case .notRepresentable(let number, let elementType, let field):
            PoolingError(
                .notRepresentable, at: field,
                "element \(output) of '\(field)' is \(FieldNumber(value: number, whole: Int128(exactly: number)).text), which \(elementType.rawValue) cannot hold"
            )
        case .wrongIndex(let number, .window, _):
            PoolingError(
                .indexOutOfRange, at: "indices",
                "index \(output) is \(number); the window has no such cell within the input")
        case .wrongIndex(let number, let base, let count):
            PoolingError(
                .indexOutOfRange, at: "indices",
                "index \(output) is \(number); indices of base '\(base.rawValue)' are from 0 to \(count - 1), "
                    + "or -1 for none")
        }
    }
}
