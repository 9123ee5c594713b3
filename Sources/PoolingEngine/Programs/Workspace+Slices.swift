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

/// How the work of a kernel may be cut into slices: between groups of units, which are planes unless the kernel says else.
struct WorkUnits: Sendable {
    let count: Int
    /// Units that stay together.
    let group: Int
    /// Units that are side by side in memory: cut apart, each slice would read a part of every row.
    let row: Int
    /// Whether each slice does some of the work again, so that more of them than threads would not pay.
    let repeatsWork: Bool

    init(count: Int, group: Int, row: Int = 1, repeatsWork: Bool = false) {
        (self.count, self.group, self.row, self.repeatsWork) = (count, group, max(row, group), repeatsWork)
    }

    /// Planes of windows.
    init(planesOf geometry: WindowGeometry, group: Int) {
        let lane = geometry.lane
        self.init(count: geometry.planeCount, group: group, row: lane.input == 1 ? lane.count : 1)
    }

    /// Between which units slices are cut, and how many of them at most.
    struct Cut {
        let group: Int
        let slices: Int
    }

    /// Whole rows go to each slice if that gives all threads as much to do, or nearly; otherwise each thread gets a part of
    /// each row, and no more slices than that.
    func cut(into slices: Int, threads: Int) -> Cut {
        let rows = count / row
        let isEven = rows >= threads && (rows.isMultiple(of: threads) || rows >= 2 * threads)
        return Cut(
            group: isEven ? row : group,
            slices: repeatsWork || (row > group && !isEven) ? min(slices, threads) : slices)
    }
}
