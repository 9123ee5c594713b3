/// Which windows cover each input position, along each axis.
struct SpreadCover: Sendable {
    /// How the columns of windows are added up for each input cell.
    enum Columns: Sendable {
        /// Windows one cell apart: sums that slide along the row, `kernel` − 1 zeros before it.
        case sliding(kernel: Int)
        case listed(RowTaps)
    }

    let depth: [Range<Int>]
    let rows: [Range<Int>]
    let columns: [Range<Int>]
    let way: Columns

    /// Rows or columns of the input that are listed at most.
    static let longestInput = 1 << 17

    /// Nil where windows do not follow each other, or too many cover a column.
    init?(_ windows: RowWindows, width: Int) {
        guard let depth = windows.depth.cover, let rows = windows.rows.cover, let columns = windows.columns.cover
        else { return nil }
        (self.depth, self.rows, self.columns) = (depth, rows, columns)
        if let regular = windows.columns.regular, regular.stride == 1, regular.before >= 0, windows.isCompact,
            windows.columns.isMostlyWindows
        {
            way = .sliding(kernel: regular.kernel)
        } else {
            let axis = RowAxis(covering: columns, output: windows.columns.output)
            guard
                let taps = RowTaps(
                    axis, width: width, padding: windows.columns.output, most: RowTaps.mostCovering)
            else { return nil }
            way = .listed(taps)
        }
    }
}
