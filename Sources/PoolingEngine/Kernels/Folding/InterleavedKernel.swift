import RecycledMemory

/// Folds windows for many planes at once where the same position of neighbouring planes is side by side (channels
/// last): every loop runs over planes.
///
/// Where windows are one step apart, each input row is folded along its columns once, and the last few rows so folded are
/// kept, so that windows share the work. Other windows are folded whole.
final class InterleavedKernel<Cells: RowCells>: RowFolding {
    typealias Row = Cells.Row

    let format: RowFormat<Row>
    let geometry: WindowGeometry
    let windows: RowWindows
    let divisor: RowDivisor?
    /// Whether the cells of a window are in one line each, read where they are and folded at once.
    let foldsWholeWindows: Bool
    /// Whether the cells of a window are so many and so far apart that the processor does not foresee what is read next.
    let fetchesAhead: Bool

    /// Rows of windows that a slice has at least: it folds the input rows again that its first windows share with those
    /// before, so that it has twice as many.
    private let linesTogether: Int

    var name: String { "rows.interleaved" }

    /// Rows of windows of all planes that are side by side, or planes where there is one row.
    var units: WorkUnits {
        let lanes = geometry.lane.count
        return windows.lineCount > 1
            ? WorkUnits(count: geometry.planeCount * windows.lineCount, group: linesTogether * lanes)
            : WorkUnits(planesOf: geometry, group: min(lanes, Self.fewestPlanes))
    }

    /// Planes handled at once: all, or equal parts of them whose kept rows stay in the second-level cache.
    private var longestRun: Int {
        let lanes = geometry.lane.count
        let cellSize = MemoryLayout<Row>.stride * (Cells.hasIndices ? 2 : 1)
        let keptLength = cellSize * keptRows * windows.depth.largestCount * windows.columns.output
        let most = foldsWholeWindows ? Self.mostPlanes : max(Self.keptBytes / keptLength, Self.fewestPlanes)
        let parts = (lanes + most - 1) / most
        return min(Cells.rounded((lanes + parts - 1) / parts), lanes)
    }

    /// Positions of the input are too far apart for fewer of many planes to be handled by themselves.
    private static var fewestPlanes: Int { 256 }
    private static var mostPlanes: Int { 1024 }
    private static var keptBytes: Int { 1 << 18 }
    /// Windows of more cells are folded row by row even where they share none.
    private static var largestWholeWindow: Int { 16 }
    /// From here on fetching ahead was measured to be faster: cells of a window, bytes of a cell's planes and of the input.
    private static var foreseen: (window: Int, cell: Int, input: Int) { (4, 768, 1 << 23) }

    init(_ format: RowFormat<Row>, _ geometry: WindowGeometry, _ windows: RowWindows, _ divisor: RowDivisor?) {
        (self.format, self.geometry, self.windows, self.divisor) = (format, geometry, windows, divisor)
        // Windows one step apart share so much that rows of them are folded in fewer steps.
        let sharesMost = windows.columns.overlap > 0 && windows.columns.regular?.stride == 1
        let cells = windows.depth.largestCount * windows.rows.largestCount * windows.columns.largestCount
        foldsWholeWindows = !sharesMost && cells <= Self.largestWholeWindow
        linesTogether = foldsWholeWindows ? 1 : min(max(2 * windows.rows.overlap, 1), windows.lineCount)
        let size = MemoryLayout<Row>.stride
        fetchesAhead =
            cells >= Self.foreseen.window && geometry.lane.count * size >= Self.foreseen.cell
            && geometry.inputCount * size >= Self.foreseen.input
    }

    var scratchByteCount: Int {
        lengths.byteCount + tapCount * MemoryLayout<InterleavedTap<Row>>.stride
    }

    /// The buffers of a pass: a line of results, copied input, kept rows.
    var lengths: RowBuffers<Cells>.Lengths {
        let lanes = longestRun
        let length = windows.columns.output.multipliedSaturating(by: lanes)
        let pitch = length.addingSaturating(Cells.width)
        let kept = keptRows.multipliedSaturating(by: windows.depth.largestCount).multipliedSaturating(by: pitch)
        let copied = (copiesRows ? windows.columns.input : tapCount).multipliedSaturating(by: lanes)
        return RowBuffers<Cells>.Lengths(parts: [length, copied, kept], lineCount: lineCount)
    }

    /// Cells of a window along a row that are folded together, where windows are not folded whole.
    static var piece: Int { 64 }
    private static var longestCopy: Int { 1 << 16 }

    /// Whether rows that cannot be read where they are are copied whole, or piece by piece.
    var copiesRows: Bool { windows.columns.input.multipliedSaturating(by: longestRun) <= Self.longestCopy }

    var keptRows: Int { windows.rows.largestCount + 1 }
    private var lineCount: Int { windows.depth.largestCount * windows.rows.largestCount }
    var tapCount: Int {
        foldsWholeWindows ? lineCount * windows.columns.largestCount : min(windows.columns.largestCount, Self.piece)
    }

    func forward(
        _ units: Range<Int>, input: Elements, output: MutableElements, indices: UnsafeMutablePointer<Int64>?,
        _ cancellation: Cancellation?
    ) -> DataFault? {
        let longestRun = longestRun
        guard let scratch = InterleavedScratch<Cells>(lengths, tapCount: tapCount) else { return .outOfMemory }
        var pace = Pace(cancellation)
        var goesOn = true
        forEachElement(of: units) { planes, lines in
            geometry.forEachRun(in: planes, longest: longestRun) { run in
                let pass = InterleavedPass(
                    kernel: self, run: run, plane: input + run.input, inputEnd: input + geometry.inputCount,
                    scratch: scratch)
                goesOn = pass.fold(lines, to: output + run.output, indices.map { $0 + run.output }, &pace)
                return goesOn
            }
            return goesOn
        }
        return goesOn ? nil : .stopped
    }

    /// Calls `body` with the planes of each batch element, and the rows of windows of them that belong to `units`, until
    /// it returns false.
    private func forEachElement(of units: Range<Int>, while body: (Range<Int>, Range<Int>) -> Bool) {
        let (lanes, lineCount) = (geometry.lane.count, windows.lineCount)
        guard lineCount > 1 else {
            _ = body(units, 0..<lineCount)
            return
        }
        var line = units.lowerBound / lanes
        let end = units.upperBound / lanes
        while line < end {
            let (element, first) = line.quotientAndRemainder(dividingBy: lineCount)
            let last = min(lineCount, first + end - line)
            guard body(element * lanes..<(element + 1) * lanes, first..<last) else { return }
            line += last - first
        }
    }
}

/// The lines that one slice of an interleaved kernel works in.
struct InterleavedScratch<Cells: RowCells> {
    let buffers: RowBuffers<Cells>
    /// A line of results.
    let result: Cells.Line
    /// A line of copied input.
    let copied: UnsafeMutablePointer<Cells.Row>
    let kept: Rows<Cells>.Block
    /// The taps that are folded together.
    let taps: UnsafeMutablePointer<InterleavedTap<Cells.Row>>
    private let tapBlock: ScratchMemory

    /// Nil where the system gives no memory.
    init?(_ lengths: RowBuffers<Cells>.Lengths, tapCount: Int) {
        let pitch = lengths.parts[0] + Cells.width
        let tapBytes = tapCount * MemoryLayout<InterleavedTap<Cells.Row>>.stride
        guard let buffers = RowBuffers<Cells>(lengths),
            let tapBlock = ScratchMemory(byteCount: tapBytes)
        else { return nil }
        (self.buffers, self.tapBlock) = (buffers, tapBlock)
        result = Cells.line(0, buffers)
        copied = buffers.cells(of: 1)
        kept = Rows<Cells>.Block(first: Cells.line(2, buffers), pitch: pitch)
        taps = tapBlock.start.bindMemory(to: InterleavedTap<Cells.Row>.self, capacity: tapCount)
    }
}

/// One cell of a window, for all planes that are handled at once.
struct InterleavedTap<Row> {
    let cells: UnsafePointer<Row>
    /// Its index.
    let number: Int
}
