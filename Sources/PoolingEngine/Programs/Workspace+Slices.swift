import Synchronization

extension Workspace {
    /// Sums of gradients in the type of a result, each rounded once, unless they are to be added up.
    func rounded(_ sums: Tensor, to elementType: ElementType) throws(PoolingError) -> Tensor {
        leavesSums ? sums : try sums.rounded(to: elementType)
    }

    /// Cuts `units` into ranges of whole groups, runs them, and rejects what the data decide.
    func run(
        _ units: WorkUnits, inOne: Bool = false, _ body: @Sendable (Range<Int>) -> DataFault?
    ) throws(PoolingError) {
        guard units.count > 0 else { return }
        let cut = inOne ? WorkUnits.Cut(group: units.count, slices: 1) : units.cut(into: slices, threads: threads)
        let groups = (units.count + cut.group - 1) / cut.group
        let count = min(cut.slices, groups)
        let fault =
            if count > 1 {
                // The runner returns when all slices are done.
                withoutActuallyEscaping(body) { body in
                    firstFault(in: count) { slice in
                        let end = min(groups * (slice + 1) / count * cut.group, units.count)
                        return body(groups * slice / count * cut.group..<end)
                    }
                }
            } else {
                body(0..<units.count)
            }
        if let fault { throw fault.rejection }
    }

    /// Calls `body` with parts of `count` elements, side by side, unless it is stopped.
    func forEachPart(of count: Int, _ body: @Sendable (Range<Int>) -> Void) throws(PoolingError) {
        let parts = (count + Self.partLength - 1) / Self.partLength
        try run(WorkUnits(count: parts, group: 1)) { range in
            for part in range {
                if isStopped { return .stopped }
                body(part * Self.partLength..<min((part + 1) * Self.partLength, count))
            }
            return nil
        }
    }

    /// Elements that are copied or added up between two looks at whether to stop.
    private static var partLength: Int { 1 << 16 }

    /// The fault of the first output that has one.
    private func firstFault(in count: Int, _ body: @escaping @Sendable (Int) -> DataFault?) -> DataFault? {
        let first = Mutex<DataFault?>(nil)
        forEachSlice(count) { slice in
            guard let fault = body(slice) else { return }
            first.withLock { known in
                if fault.output < known?.output ?? .max { known = fault }
            }
        }
        return first.withLock { $0 }
    }

    private func forEachSlice(_ count: Int, _ body: @Sendable (Int) -> Void) {
        if let runner { runner(count, body) } else { (0..<count).forEach(body) }
    }
}
