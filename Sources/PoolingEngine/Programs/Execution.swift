import Synchronization

/// Runs the slices of a plan and collects their faults.
struct Execution {
    /// Into how many slices work is cut at most.
    let slices: Int
    let cancellation: Cancellation?
    let runner: PoolingPlan.SliceRunner
    /// Whether gradients stay in the type that they were summed in, for whoever adds them up.
    var leavesSums = false

    /// Sums of gradients in the type of a result, each rounded once, unless they are to be added up.
    func rounded(_ sums: Tensor, to elementType: ElementType) throws(PoolingError) -> Tensor {
        leavesSums ? sums : try sums.rounded(to: elementType)
    }

    /// Cuts `units` into ranges of whole groups, runs them, and rejects what the data decide.
    func run(
        _ units: WorkUnits, inOne: Bool = false, _ body: @Sendable (Range<Int>) -> DataFault?
    ) throws(PoolingError) {
        guard units.count > 0 else { return }
        let groups = (units.count + units.group - 1) / units.group
        let count = inOne ? 1 : min(slices, groups)
        let fault =
            if count > 1 {
                // The runner returns when all slices are done.
                withoutActuallyEscaping(body) { body in
                    firstFault(in: count) { slice in
                        let end = min(groups * (slice + 1) / count * units.group, units.count)
                        return body(groups * slice / count * units.group..<end)
                    }
                }
            } else {
                body(0..<units.count)
            }
        if let fault { throw fault.rejection }
    }

    /// The fault of the first output that has one.
    private func firstFault(in count: Int, _ body: @escaping @Sendable (Int) -> DataFault?) -> DataFault? {
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

extension WindowParts {
    /// Calls `body` with the geometry of each part in `range` that has windows, until it returns a fault.
    func forEach(in range: Range<Int>, _ body: (WindowGeometry) -> DataFault?) -> DataFault? {
        for number in range {
            guard let geometry = try? part(number) else { return .outOfMemory }
            guard geometry.windowCount > 0 else { continue }
            if let fault = body(geometry) { return fault }
        }
        return nil
    }

    /// Calls `body` with the geometry of each part that has windows, one after the other.
    func forEach(_ body: (WindowGeometry) throws(PoolingError) -> Void) throws(PoolingError) {
        for number in 0..<count {
            let geometry = try part(number)
            if geometry.windowCount > 0 { try body(geometry) }
        }
    }

    /// Whether there are enough parts to give each slice several.
    func suffice(for execution: Execution) -> Bool { count >= 2 * execution.slices || execution.slices == 1 }
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
                "the window of flat output position \(output) has a negative element or NaN; "
                    + "probabilities are from 0")
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

/// How the work of a kernel may be cut into slices: between groups of units, which are planes unless the kernel says else.
struct WorkUnits: Sendable {
    let count: Int
    /// Units that stay together.
    let group: Int
}
