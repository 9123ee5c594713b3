import Synchronization

/// The tensors that a program reads.
struct Operands: Sendable {
    /// The tensor that is pooled or put back; in backward, the gradient that comes in.
    let main: Tensor
    /// The request's `input`: in backward, the values that the forward pass saw, where they are known.
    let input: Tensor?

    init(main: Tensor) {
        self.main = main
        input = nil
    }

    /// Nil where the request lacks its main tensor.
    init?(_ request: PoolingRequest) {
        input = request.tensors[.input]
        guard let main = request.endpoint == .backward ? request.tensors[.gradOutput] : input else { return nil }
        self.main = main
    }
}

/// What a plan runs: everything is checked, memory for the answer is taken when it starts.
///
/// A program holds no elements of ``Operands``, so that it can be run again on others of the same types and shapes.
protocol Program: Sendable {
    /// The technique, for logs and benchmarks.
    var kernelName: String { get }
    /// Element operations, about.
    var cost: Int { get }
    var resultByteCount: Int { get }
    /// Entries of its tables, about: what it takes to keep it.
    var tableSize: Int { get }

    func run(_ operands: Operands, slices: Int, on runner: PoolingPlan.SliceRunner) throws(PoolingRefusal)
        -> PoolingResult
}

extension Program {
    /// Cuts `units` into at most `slices` ranges of whole groups, runs them, and refuses what the data decide.
    func runSlices(
        _ slices: Int, _ units: WorkUnits, on runner: PoolingPlan.SliceRunner,
        _ body: @Sendable (Range<Int>) -> DataFault?
    ) throws(PoolingRefusal) {
        guard units.count > 0 else { return }
        let groups = (units.count + units.group - 1) / units.group
        let count = min(slices, groups)
        let fault =
            if count > 1 {
                // The runner returns when all slices are done.
                withoutActuallyEscaping(body) { body in
                    firstFault(in: count, on: runner) { slice in
                        let end = min(groups * (slice + 1) / count * units.group, units.count)
                        return body(groups * slice / count * units.group..<end)
                    }
                }
            } else {
                body(0..<units.count)
            }
        if let fault { throw fault.refusal }
    }

    /// The fault of the first output that has one.
    private func firstFault(
        in count: Int, on runner: PoolingPlan.SliceRunner, _ body: @escaping @Sendable (Int) -> DataFault?
    ) -> DataFault? {
        let first = Mutex<DataFault?>(nil)
        runner(count) { slice in
            guard let fault = body(slice) else { return }
            first.withLock { known in
                if fault.output < known?.output ?? .max { known = fault }
            }
        }
        return first.withLock { $0 }
    }
}

extension DataFault {
    var refusal: PoolingRefusal {
        switch kind {
        case .integerOverflow:
            PoolingRefusal(
                .integerOverflow, at: "input",
                "the result at flat output position \(output) does not fit the dtype; nothing saturates, use a wider one"
            )
        case .notAProbability:
            PoolingRefusal(
                .outOfRange, at: "input",
                "the window of flat output position \(output) has a negative element or NaN, "
                    + "which is no probability")
        case .wrongIndex(let number, let base, let count):
            PoolingRefusal(
                .indexOutOfRange, at: "indices",
                "index \(output) is \(number); indices of base '\(base.rawValue)' are from 0 to \(count - 1), "
                    + "or -1 for none")
        }
    }
}
