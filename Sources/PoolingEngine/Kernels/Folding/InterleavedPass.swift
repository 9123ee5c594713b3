import CPrefetch

/// One run of planes of an ``InterleavedKernel``.
struct InterleavedPass<Cells: RowCells> {
    typealias Row = Cells.Row
    typealias Line = Cells.Line

    static var cacheLineBytes: Int { 64 }

    let kernel: InterleavedKernel<Cells>
    private let run: WindowGeometry.PlaneRun
    private let plane: Elements
    /// The end of the whole input, up to which memory may be read.
    private let inputEnd: Elements
    let scratch: InterleavedScratch<Cells>
    /// Whether results are rows of whole vectors where they are to be.
    private let isInPlace: Bool

    var windows: RowWindows { kernel.windows }
    var lanes: Int { run.count }
    private var rowLength: Int { windows.columns.output &* lanes }

    init(
        kernel: InterleavedKernel<Cells>, run: WindowGeometry.PlaneRun, plane: Elements, inputEnd: Elements,
        scratch: InterleavedScratch<Cells>
    ) {
        (self.kernel, self.run, self.plane, self.inputEnd) = (kernel, run, plane, inputEnd)
        self.scratch = scratch
        isInPlace =
            kernel.format.isStored && kernel.geometry.lane.output == 1
            && kernel.windows.output.column == run.count && run.count % Cells.width == 0
    }

    /// Folds rows of windows, numbered from depth to depth, unless it is stopped.
    ///
    /// - Returns: whether it was not stopped.
    func fold(
        _ lines: Range<Int>, to output: MutableElements, _ indices: UnsafeMutablePointer<Int64>?, _ pace: inout Pace
    ) -> Bool {
        var line = lines.lowerBound
        while line < lines.upperBound {
            let (depth, first) = line.quotientAndRemainder(dividingBy: windows.rows.output)
            let rows = first..<min(windows.rows.output, first &+ lines.upperBound &- line)
            let offset = depth &* windows.output.depth
            guard fold(rows, of: depth, to: output + offset, indices.map { $0 + offset }, &pace) else { return false }
            line &+= rows.count
        }
        return true
    }

    func fold(
        _ rows: Range<Int>, of depth: Int, to output: MutableElements, _ indices: UnsafeMutablePointer<Int64>?,
        _ pace: inout Pace
    ) -> Bool {
        let sources = windows.depth.windows[depth]
        var next = 0
        for row in rows {
            let needed = windows.rows.windows[row]
            let offset = row &* windows.output.row
            let target = InterleavedTarget(
                output: output + offset, indices: indices.map { $0 + offset }, row: row, depth: depth)
            if kernel.foldsWholeWindows, canRead(source(needed.upperBound &- 1, depth: sources.upperBound &- 1)) {
                foldWholeWindows(needed, sources, to: target)
            } else {
                next = max(next, needed.lowerBound)
                while next < needed.upperBound {
                    for (slot, source) in sources.enumerated() {
                        foldColumns(next, depth: source, slot: slot)
                        guard pace.goesOn(after: foldsPerRow) else { return false }
                    }
                    next += 1
                }
                foldRows(needed, sources.count, to: target)
            }
            guard pace.goesOn(after: needed.count &* sources.count &* rowLength) else { return false }
        }
        return true
    }

    /// Where a row of results is folded.
    func line(_ output: MutableElements) -> Line {
        guard isInPlace else { return scratch.result }
        return Cells.line(at: output.bound(to: Row.self), indicesOf: scratch.result)
    }

    func line(_ row: Int, _ slot: Int) -> Line {
        scratch.kept.line(slot &* kernel.keptRows &+ row % kernel.keptRows)
    }

    @inline(__always)
    func source(_ row: Int, depth: Int) -> Elements {
        plane + (depth &* windows.input.depth &+ row &* windows.input.row)
    }

    /// Whether a row can be read where it is, whole vectors included.
    @inline(__always)
    func canRead(_ row: Elements) -> Bool {
        guard kernel.format.isStored, kernel.geometry.lane.input == 1 else { return false }
        let last = row + (windows.columns.input &- 1) &* windows.input.column
        return last.has(Cells.rounded(lanes), before: inputEnd)
    }

    /// The columns of an input row, `step` cells apart from `cells` on: where they are, or a copy.
    func readable(
        _ columns: Range<Int>, of source: Elements, inPlace: Bool
    ) -> (cells: UnsafePointer<Row>, step: Int) {
        let first = source + columns.lowerBound &* windows.input.column
        if inPlace { return (first.bound(to: Row.self), windows.input.column) }
        for column in 0..<columns.count {
            kernel.format.read(
                first + column &* windows.input.column, kernel.geometry.lane.input, lanes,
                scratch.copied + column &* lanes)
        }
        return (UnsafePointer(scratch.copied), lanes)
    }

    /// Folds kept rows from the first to the last.
    private func foldRows(_ needed: Range<Int>, _ depth: Int, to target: InterleavedTarget) {
        var lineCount = 0
        for slot in 0..<depth {
            for row in needed {
                scratch.buffers.lines[lineCount] = line(row, slot)
                lineCount &+= 1
            }
        }
        let results = line(target.output)
        Rows<Cells>.fold(scratch.buffers.lines, lineCount, into: results, count: rowLength)
        if isFinished(target) { return }
        for column in 0..<windows.columns.output {
            finish(Cells.advanced(results, by: column &* lanes), column, of: target)
        }
    }

    /// Whether nothing is left to do for results that are folded.
    func isFinished(_ target: InterleavedTarget) -> Bool {
        isInPlace && target.indices == nil && kernel.divisor == nil
    }

    /// Divides the results of one window, and writes what of them is not there already.
    @inline(__always)
    func finish(_ results: Line, _ column: Int, of target: InterleavedTarget) {
        if let divisor = kernel.divisor {
            let number = divisor.divisor(depth: target.depth, row: target.row, column: column)
            Rows<Cells>.divide(Cells.cells(of: results), by: number, count: lanes)
        }
        let lane = kernel.geometry.lane
        let offset = column &* windows.output.column
        if !isInPlace { kernel.format.write(Cells.cells(of: results), lanes, target.output + offset, lane.output) }
        if let indices = target.indices {
            Cells.writeIndices(
                results, to: indices + offset, stride: lane.output, count: lanes, number: run.index, step: lane.index)
        }
    }
}

/// A row of windows, and where their results go.
struct InterleavedTarget {
    let output: MutableElements
    let indices: UnsafeMutablePointer<Int64>?
    let row: Int
    let depth: Int
}
