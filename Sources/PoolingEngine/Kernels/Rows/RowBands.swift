/// Rows of windows that are folded together, and the input rows that they read.
struct RowBands: Sendable {
    struct Band: Sendable {
        var windows: Range<Int>
        var rows: Range<Int>
    }

    /// What a band's rows may take, to stay in the first-level cache with the rows that they are read from.
    static let bytes = 1 << 14

    let bands: [Band]
    /// The most input rows of any band, and the most rows of windows.
    let rowCount: Int
    let lineCount: Int
    /// The first input row of the band of each row of windows.
    let starts: [Int]

    init(_ axis: RowAxis, rowLimit: Int) {
        var bands: [Band] = []
        for (position, window) in axis.windows.enumerated() {
            if let last = bands.last, window.upperBound - last.rows.lowerBound <= rowLimit,
                window.lowerBound <= last.rows.upperBound
            {
                bands[bands.count - 1].windows = last.windows.lowerBound..<position + 1
                bands[bands.count - 1].rows = last.rows.lowerBound..<window.upperBound
            } else {
                bands.append(Band(windows: position..<position + 1, rows: window))
            }
        }
        self.bands = bands
        rowCount = bands.reduce(1) { max($0, $1.rows.count) }
        lineCount = bands.reduce(1) { max($0, $1.windows.count) }
        starts = bands.flatMap { repeatElement($0.rows.lowerBound, count: $0.windows.count) }
    }

    /// From here on tables take fewer folds than rows.
    private static let tableKernel = 6
    private static let tableBytes = 1 << 19

    /// How many tables of windows of 1, 2, 4, … rows serve windows of any height; nil where they would not pay.
    static func tableCount(_ windows: RowWindows, rowBytes: Int, isSelection: Bool) -> Int? {
        let rows = windows.rows
        let levels = Int.bitWidth - rows.largestCount.leadingZeroBitCount
        let pays =
            isSelection && windows.depth.largestCount == 1 && rows.largestCount >= tableKernel
            && 2 * rows.overlap >= rows.largestCount && levels * rows.input * rowBytes <= tableBytes
        return pays ? levels : nil
    }
}

extension RowAxis {
    /// Whether no window starts or ends before the one in front of it.
    var isAscending: Bool {
        zip(windows, windows.dropFirst()).allSatisfy {
            $0.lowerBound <= $1.lowerBound && $0.upperBound <= $1.upperBound
        }
    }

    /// Elements that neighbouring windows share, at least; negative where some are in none.
    var overlap: Int {
        zip(windows, windows.dropFirst()).reduce(largestCount) { min($0, $1.0.upperBound - $1.1.lowerBound) }
    }
}
