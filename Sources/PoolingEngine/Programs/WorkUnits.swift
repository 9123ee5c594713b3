/// How the work of a kernel may be cut into slices: between groups of units, which are planes unless the kernel says else.
struct WorkUnits: Sendable {
    let count: Int
    /// Units that stay together.
    let group: Int
    /// Units that are done in one go, such as planes that are side by side: cut apart, each slice would go through all of
    /// their windows again.
    let row: Int

    init(count: Int, group: Int, row: Int = 1) {
        (self.count, self.group, self.row) = (count, group, max(row, group))
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
            slices: row > group && !isEven ? min(slices, threads) : slices)
    }
}
