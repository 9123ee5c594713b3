import Synchronization

/// What a plan runs: everything is checked, memory for the answer is taken when it starts.
protocol Program: Sendable {
    /// The technique, for logs and benchmarks.
    var kernelName: String { get }
    /// Element operations, about.
    var cost: Int { get }
    var resultByteCount: Int { get }

    func run(slices: Int, on runner: PoolingPlan.SliceRunner) throws(PoolingRefusal) -> PoolingResult
}

extension Program {
    /// Cuts `planes` into at most `slices` ranges of whole lane groups, runs them, and refuses what the data decide.
    func runSlices(
        _ slices: Int, planes: Int, lanes: Int, on runner: PoolingPlan.SliceRunner,
        _ body: @escaping @Sendable (Range<Int>) -> DataFault?
    ) throws(PoolingRefusal) {
        let groups = (planes + lanes - 1) / lanes
        let count = max(min(slices, groups), 1)
        let first = Mutex<DataFault?>(nil)
        runner(count) { slice in
            let start = min(groups * slice / count * lanes, planes)
            let end = min(groups * (slice + 1) / count * lanes, planes)
            guard start < end, let fault = body(start..<end) else { return }
            first.withLock { known in
                if fault.output < known?.output ?? .max { known = fault }
            }
        }
        guard let fault = first.withLock({ $0 }) else { return }
        throw fault.refusal
    }
}

extension DataFault {
    fileprivate var refusal: PoolingRefusal {
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
        }
    }
}
