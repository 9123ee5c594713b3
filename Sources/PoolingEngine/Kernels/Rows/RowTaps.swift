/// The taps of windows along a row, listed: every window has as many as the largest.
///
/// Windows with fewer repeat their last cell where cells are selected, and see a cell that holds 0 where they are added.
struct RowTaps: Sendable {
    let count: Int
    let pitch: Int
    let columns: [Int32]

    /// - Parameter padding: the column to see instead of those that a window does not have; nil for its last.
    init(_ axis: RowAxis, width: Int, padding: Int?) {
        count = axis.largestCount
        pitch = (axis.output + width - 1) / width * width
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
