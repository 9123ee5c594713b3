/// The rows that a planar kernel works on at once: several small planes as one high one, or a band of a large plane
/// that stays in the first-level cache.
struct PlanarSheets: Sendable {
    /// Planes in a stack; nil where planes are worked on in bands.
    let stack: Int?
    /// The bands of one depth of a plane.
    let bands: RowBands
    /// The most input rows of one sheet; in bands, of one depth.
    let rowCount: Int
    /// The most rows of windows of one sheet.
    let lineCount: Int
    /// Sources of depth that are kept together: as many as a window has, or in a stack one after the other.
    let slots: Int
    /// Cells from row to row of padded rows, and of rows that are folded along their columns.
    let paddedPitch: Int
    let foldedPitch: Int
    /// Cells of all folded rows, with what whole vectors write behind them.
    let foldedCount: Int
    /// Tables of windows of 1, 2, 4, … rows; 1 where windows are not high enough for that to pay.
    let tableCount: Int
    /// Cells of folded rows from depth to depth.
    let slotPitch: Int
    /// What each row of windows is folded from: depth after depth, and plane after plane of a stack.
    private(set) var lines: [RowLines] = []

    /// Rows of windows in a stack; more would not spare much.
    private static let stackedLines = 256

    /// - Parameter divisors: where the divisors of each row of windows start; nil where nothing is divided.
    init(
        _ geometry: WindowGeometry, _ windows: RowWindows, _ sliding: RowSliding, cellSize: Int, isSelection: Bool,
        divisors: [Int]?
    ) {
        let (depth, rows, columns) = (windows.depth, windows.rows, windows.columns)
        // Folded rows are as far apart as padded rows are in windows, so that all rows are one long row.
        let cells = max(sliding.span, sliding.before + columns.input)
        foldedPitch = max((cells + sliding.stride - 1) / sliding.stride, columns.output)
        paddedPitch = foldedPitch * sliding.stride
        let rowBytes = (paddedPitch + foldedPitch) * cellSize
        let tables =
            sliding.followsRows ? nil : RowBands.tableCount(windows, rowBytes: rowBytes, isSelection: isSelection)
        tableCount = tables ?? 1
        bands = RowBands(rows, rowLimit: tables == nil ? max(RowBands.bytes / rowBytes, 1) : .max)
        let room = RowBands.bytes / (depth.input * rows.input * rowBytes * tableCount)
        stack =
            room > 0 && windows.isDense(geometry.lane)
            ? max(min(room, Self.stackedLines / windows.lineCount, geometry.planeCount), 1) : nil
        rowCount = stack.map { $0 * depth.input * rows.input } ?? bands.rowCount
        lineCount = stack.map { $0 * windows.lineCount } ?? bands.lineCount
        slots = stack == nil ? depth.largestCount : 1
        foldedCount = rowCount * foldedPitch + sliding.overrun + columns.output
        slotPitch = stack == nil ? foldedCount : rows.input * foldedPitch
        lines.reserveCapacity((stack ?? 1) * windows.lineCount)
        for plane in 0..<(stack ?? 1) { addLines(of: plane, windows, divisors) }
    }

    private mutating func addLines(of plane: Int, _ windows: RowWindows, _ divisors: [Int]?) {
        let starts = stack == nil ? bands.starts : Array(repeating: 0, count: windows.rows.output)
        for (depth, sources) in windows.depth.windows.enumerated() {
            let top = stack == nil ? 0 : (plane * windows.depth.input + sources.lowerBound) * windows.rows.input
            for (row, window) in windows.rows.windows.enumerated() {
                var added = lines(window, from: top + window.lowerBound - starts[row], depths: sources.count)
                if let divisors { added.divisors = divisors[depth * windows.rows.output + row] }
                lines.append(added)
            }
        }
    }

    private func lines(_ rows: Range<Int>, from start: Int, depths: Int) -> RowLines {
        let first = start * foldedPitch
        guard tableCount > 1 else {
            return RowLines(
                first: first, count: rows.count, pitch: foldedPitch, slots: depths, slotPitch: slotPitch)
        }
        let level = Int.bitWidth - 1 - rows.count.leadingZeroBitCount
        return RowLines(
            first: level * foldedCount + first, count: 2, pitch: (rows.count - 1 << level) * foldedPitch, slots: 1,
            slotPitch: 0)
    }
}

extension RowWindows {
    /// Rows of windows of one plane.
    var lineCount: Int { depth.output * rows.output }

    /// Whether rows of results follow each other as the results of a row do.
    var hasDenseRows: Bool { output.row == columns.output * outputStep || rows.output == 1 }

    /// Whether rows follow each other evenly from depth to depth and from plane to plane, in input and output.
    fileprivate func isDense(_ lane: PlaneLevel) -> Bool {
        let (inputDepth, outputDepth) = (rows.input * input.row, rows.output * columns.output * outputStep)
        return hasDenseRows
            && (depth.input == 1 || input.depth == inputDepth)
            && (depth.output == 1 || output.depth == outputDepth)
            && (lane.count == 1
                || lane.input == depth.input * inputDepth && lane.output == depth.output * outputDepth)
    }
}
