/// Folds windows for many planes at once where the same place of neighbouring planes stands side by side (channels
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
    /// Whether the cells of a window stand in one line each, read where they are and folded at once.
    let foldsWholeWindows: Bool

    var name: String { "rows.interleaved" }
    var planeGroup: Int { min(geometry.lane.count, Self.laneLimit) }

    /// Planes handled at once: few enough that the kept rows stay in the second-level cache.
    private static var laneLimit: Int { 256 }
    /// Windows of more cells are folded row by row even where they share none.
    private static var largestWholeWindow: Int { 16 }

    init(_ format: RowFormat<Row>, _ geometry: WindowGeometry, _ windows: RowWindows, _ divisor: RowDivisor?) {
        (self.format, self.geometry, self.windows, self.divisor) = (format, geometry, windows, divisor)
        // Windows one step apart share so much that rows of them are folded in fewer steps.
        let sharesMost = windows.columns.overlap > 0 && windows.columns.regular?.stride == 1
        foldsWholeWindows =
            !sharesMost
            && windows.depth.largestCount * windows.rows.largestCount * windows.columns.largestCount
                <= Self.largestWholeWindow
    }

    var keptRows: Int { windows.rows.largestCount + 1 }
    private var lineCount: Int { windows.depth.largestCount * windows.rows.largestCount }
    private var tapCount: Int { (foldsWholeWindows ? lineCount : 1) * windows.columns.largestCount }

    func forward(
        _ planes: Range<Int>, input: Elements, output: MutableElements, indices: UnsafeMutablePointer<Int64>?
    ) {
        let scratch = InterleavedScratch<Cells>(
            lineLength: max(windows.columns.output, windows.columns.input) * planeGroup,
            keptCount: keptRows * windows.depth.largestCount, lineCount: lineCount, tapCount: tapCount)
        geometry.forEachRun(in: planes, longest: planeGroup) { run in
            let pass = InterleavedPass(
                kernel: self, run: run, plane: input + run.input, inputEnd: input + geometry.inputCount,
                scratch: scratch)
            for depth in 0..<windows.depth.output {
                let place = run.output &+ depth &* windows.output.depth
                pass.fold(depth, to: output + place, indices.map { $0 + place })
            }
        }
    }
}

/// The lines that one slice of an interleaved kernel works in.
final class InterleavedScratch<Cells: RowCells> {
    let buffers: RowBuffers<Cells>
    /// A line of answers.
    let result: Cells.Line
    /// A line of copied input.
    let copied: UnsafeMutablePointer<Cells.Row>
    let kept: Rows<Cells>.Block
    /// The taps that are folded together.
    let taps: UnsafeMutablePointer<InterleavedTap<Cells.Row>>

    init(lineLength: Int, keptCount: Int, lineCount: Int, tapCount: Int) {
        let pitch = lineLength + Cells.width
        buffers = RowBuffers([lineLength, lineLength, keptCount * pitch], lineCount: lineCount)
        result = Cells.line(0, buffers)
        copied = buffers.cells(of: 1)
        kept = Rows<Cells>.Block(first: Cells.line(2, buffers), pitch: pitch)
        taps = .allocate(capacity: tapCount)
    }

    deinit { taps.deallocate() }
}

/// One cell of a window, for all planes that are handled at once.
struct InterleavedTap<Row> {
    let cells: UnsafePointer<Row>
    /// In the numbers of a mask.
    let number: Int
}
