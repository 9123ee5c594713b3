import RecycledMemory

/// Folds the terms of cells over windows that are boxes: rows first, in vectors, then the columns of each row of windows.
///
/// A line is a row of one plane, or where planes are side by side (channels last), that row of several planes, column by
/// column.
///
/// Windows whose folds have lost something are folded again, each by itself, so that no window depends on others.
final class TermKernel<R: TermReduction>: RowFolding {
    typealias Element = R.Element

    let reduction: R
    let format: RowFormat<Element>
    let geometry: WindowGeometry
    let windows: RowWindows
    /// Planes handled together.
    let lanes: Int
    /// Cells of a line for each column: a whole number of vectors of planes, or 1.
    let cell: Int
    /// How columns are folded, where they are side by side.
    let columns: TermColumns?
    /// Whether all windows share cells.
    let overlaps: Bool
    /// Whether each window is folded from its cells: windows share none, or their terms take no longer to compute than to
    /// keep.
    let foldsWholeWindows: Bool
    /// Rows of terms that are kept for further windows; 0 where rows are folded at once.
    let keptRows: Int
    /// Rows of cells that are folded at once.
    let rowsTogether: Int
    /// Cells of a line of terms, or of windows; the first of those behind the whole vectors changes nothing.
    let pitch: Int

    var name: String { "terms" }
    var units: WorkUnits { WorkUnits(planesOf: geometry, group: min(lanes, Self.fewestLanes)) }
    var scratchByteCount: Int { byteCount(gradients: false) }

    /// The tables take longer to make than the windows of a smaller plane take to gather.
    ///
    /// How many planes there are makes no difference, so that a plane gets the same results among any others.
    private static var fewestTaps: Int { 64 }
    private static var keptBytes: Int { 1 << 18 }
    /// Cells of windows that are folded each by itself.
    private static var largestWholeWindow: Int { 16 }
    private static var mostRowsTogether: Int { 16 }
    /// Lines of several planes stay in the first-level cache.
    private static var lineBytes: Int { 1 << 15 }
    /// Fewer planes would leave a part of each cache line for later.
    private static var fewestLanes: Int { 16 }
    /// Fewer planes side by side are no line.
    private static var fewestPlanes: Int { 8 }

    /// Nil where windows are no boxes that follow each other, or of several planes neither columns nor planes are side by
    /// side.
    ///
    /// - Parameter mostCells: of a line that has room for every window of a row.
    init?(
        _ reduction: R, _ whole: WindowGeometry, _ format: RowFormat<Element>,
        mostCells: (RowWindows) -> Int = { _ in .max }
    ) {
        let lane = whole.lane
        let isPlanar = whole.inputStrides.last == 1 || lane.count == 1
        guard isPlanar || (lane.input == 1 && lane.count >= Self.fewestPlanes), whole.planeCount > 0,
            !whole.isSelective,
            whole.totalTaps / whole.planeCount >= Self.fewestTaps
        else { return nil }
        (self.reduction, geometry, self.format) = (reduction, whole.cropped, format)
        guard let boxes = RowWindows(geometry) else { return nil }
        if isPlanar {
            (windows, lanes, cell) = (boxes, 1, 1)
            // Short rows fill no vector of sixteen cells.
            let fillsVectors =
                boxes.columns.output > Lanes.scalarCount || boxes.columns.input > 2 * Lanes.scalarCount
            guard fillsVectors || !R.Row.isShort else { return nil }
            guard let way = TermColumns(boxes.columns, width: R.Row.width) else { return nil }
            columns = way
        } else {
            (windows, columns) = (boxes.withColumnsAsRows, nil)
            lanes = Self.lanes(of: lane.count, columns: windows.columns, mostCells: mostCells(windows))
            cell = R.Row.rounded(lanes)
        }
        let axis = windows.columns
        let additions = [windows.depth, windows.rows, axis].reduce(0) { $0.addingSaturating($1.largestCount) }
        guard windows.rows.isAscending, additions <= R.Row.mostAdditions else { return nil }
        pitch =
            columns.map { $0.front + $0.reach }
            ?? R.Row.rounded(max(axis.output, axis.input) * cell) + R.Row.width
        let line = pitch.multipliedSaturating(by: MemoryLayout<R.Row>.stride * (R.hasSecond ? 2 : 1))
        let lines = windows.rows.largestCount.multipliedSaturating(by: windows.depth.largestCount)
        overlaps = [windows.depth, windows.rows, axis].contains { $0.output > 1 && $0.overlap > 0 }
        foldsWholeWindows =
            columns == nil && (R.termsAreQuick || !overlaps)
            && lines.multipliedSaturating(by: axis.largestCount) <= Self.largestWholeWindow
        let keeps =
            !foldsWholeWindows && windows.rows.overlap > 0
            && lines.addingSaturating(windows.depth.largestCount).multipliedSaturating(by: line) <= Self.keptBytes
        keptRows = keeps ? windows.rows.largestCount + 1 : 0
        rowsTogether = keeps ? 1 : min(lines, Self.mostRowsTogether)
        guard scratchByteCount <= ForwardKernels.largestScratch else { return nil }
    }

    /// Equal parts of all planes that are side by side, whose lines are short.
    private static func lanes(of count: Int, columns: RowAxis, mostCells: Int) -> Int {
        let cells = max(columns.input, columns.output)
        let bytes = cells.multipliedSaturating(by: MemoryLayout<R.Row>.stride * (R.hasSecond ? 2 : 1))
        let most = max(min(lineBytes / bytes, mostCells / columns.output) / fewestLanes * fewestLanes, fewestLanes)
        let parts = (count + most - 1) / most
        return min(R.Row.rounded((count + parts - 1) / parts), count)
    }

    /// How a row of some planes lies in the input, and a row of their windows in the output.
    @inline(__always)
    func pieces(of lanes: Int) -> (input: TermPieces, output: TermPieces) {
        let lane = geometry.lane
        return (
            TermPieces(
                columns: windows.columns.input, lanes: lanes, columnStep: windows.input.column, laneStep: lane.input,
                cell: cell),
            TermPieces(
                columns: windows.columns.output, lanes: lanes, columnStep: windows.output.column,
                laneStep: lane.output, cell: cell)
        )
    }

    /// Cells before a line whose columns are folded.
    var front: Int { columns?.front ?? 0 }
    /// Cells of a line of all terms.
    var linePitch: Int { R.hasSecond ? 2 * pitch : pitch }
    /// Rows of terms that are kept, of all depths of a window, and the one that they are folded to.
    var lineCount: Int { listedRows + 1 }

    /// What a window is folded in by itself.
    func needs(gradients: Bool) -> WindowScratch<Element>.Needs {
        WindowScratch<Element>.Needs(
            laneCapacity: 1, tapCapacity: max(geometry.largestWindow, 1), readerRoom: geometry.readerRoom,
            gradients: gradients)
    }

    /// Rows that are folded at once.
    var listedRows: Int { keptRows * windows.depth.largestCount }

    /// Numbers in lines of terms and of windows, and in lines of counts.
    var termCount: Int {
        front.rounded(to: R.Row.width).addingSaturating((lineCount + 1).multipliedSaturating(by: linePitch))
            .addingSaturating(3 * pitch)
    }

    /// Bytes of these, of results and copied cells, and of a list of rows.
    func byteCount(gradients: Bool) -> Int {
        termCount.multipliedSaturating(by: MemoryLayout<R.Row>.stride)
            .addingSaturating((1 + rowsTogether) * pitch * MemoryLayout<Element>.stride)
            .addingSaturating((listedRows + rowsTogether) * MemoryLayout<UnsafeRawPointer>.stride)
            .addingSaturating(needs(gradients: gradients).byteCount)
    }

    func forward(
        _ planes: Range<Int>, input: Elements, output: MutableElements, indices: UnsafeMutablePointer<Int64>?,
        _ cancellation: Cancellation?
    ) -> DataFault? {
        guard let pass = TermPass(self, gradients: false, end: input + geometry.inputCount, cancellation)
        else { return .outOfMemory }
        var pace = Pace(cancellation)
        var goesOn = true
        geometry.forEachRun(in: planes, longest: lanes) { run in
            goesOn = pass.pool(run.count, input + run.input, to: output + run.output, &pace)
            return goesOn
        }
        return goesOn ? nil : .stopped
    }
}
