/// The taps of windows along a row, listed: every window has as many as the largest.
///
/// Windows with fewer repeat their last cell where cells are selected, and see a cell that holds 0 where they are added.
struct RowTaps: Sendable {
    let count: Int
    let pitch: Int
    let columns: [Int32]

    /// Entries of a longer table would cost more than they spare.
    static let mostEntries = 1 << 16
    /// The same for the windows that cover each column, as its taps.
    static let mostCovering = 1 << 17

    /// Nil where it would have too many entries.
    ///
    /// - Parameter padding: the column to see instead of those that a window does not have; nil for its last.
    init?(_ axis: RowAxis, width: Int, padding: Int?, most: Int = RowTaps.mostEntries) {
        count = axis.largestCount
        pitch = axis.output.rounded(to: width)
        guard count.multipliedSaturating(by: pitch) <= most else { return nil }
        var columns: [Int32] = []
        columns.reserveCapacity(count * pitch)
        for tap in 0..<count {
            for window in axis.windows {
                let column = tap < window.count ? window.lowerBound + tap : padding ?? window.upperBound - 1
                columns.append(Int32(truncatingIfNeeded: column))
            }
            columns.append(contentsOf: repeatElement(0, count: pitch - axis.output))
        }
        self.columns = columns
    }
}
