import CPrefetch

/// One run of planes of an ``InterleavedKernel``.
struct InterleavedPass<Cells: RowCells> {
    typealias Row = Cells.Row
    typealias Line = Cells.Line

    private static var cacheLineBytes: Int { 64 }

    private let kernel: InterleavedKernel<Cells>
    private let run: WindowGeometry.PlaneRun
    private let plane: Elements
    /// The end of the whole input, up to which memory may be read.
    private let inputEnd: Elements
    private let scratch: InterleavedScratch<Cells>
    /// Whether results are rows of whole vectors where they are to be.
    private let isInPlace: Bool

    private var windows: RowWindows { kernel.windows }
    private var lanes: Int { run.count }
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

    private func fold(
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
    private func line(_ output: MutableElements) -> Line {
        guard isInPlace else { return scratch.result }
        return Cells.line(at: output.bound(to: Row.self), indicesOf: scratch.result)
    }

    private func line(_ row: Int, _ slot: Int) -> Line {
        scratch.kept.line(slot &* kernel.keptRows &+ row % kernel.keptRows)
    }

    @inline(__always)
    private func source(_ row: Int, depth: Int) -> Elements {
        plane + (depth &* windows.input.depth &+ row &* windows.input.row)
    }

    /// Whether a row can be read where it is, whole vectors included.
    @inline(__always)
    private func canRead(_ row: Elements) -> Bool {
        guard kernel.format.isStored, kernel.geometry.lane.input == 1 else { return false }
        let last = row + (windows.columns.input &- 1) &* windows.input.column
        return last.has(Cells.rounded(lanes), before: inputEnd)
    }

    /// The columns of an input row, `step` cells apart from `cells` on: where they are, or a copy.
    private func readable(
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

    /// Cells that are read or folded for the windows of one input row, at most.
    private var foldsPerRow: Int {
        let columns = windows.columns
        return max(columns.input, columns.output.multipliedSaturating(by: columns.largestCount))
            .multipliedSaturating(by: lanes)
    }

    /// The windows of one input row.
    ///
    /// Whole vectors of one window's lanes may run into the next window's, which is folded later.
    private func foldColumns(_ row: Int, depth: Int, slot: Int) {
        let source = source(row, depth: depth)
        let isInPlace = canRead(source)
        let target = line(row, slot)
        let base = depth &* windows.index.depth &+ row &* windows.index.row
        if isInPlace || kernel.copiesRows {
            let (cells, step) = readable(0..<windows.columns.input, of: source, inPlace: isInPlace)
            for (column, window) in windows.columns.windows.enumerated() {
                fold(window, cells, step, base: base, into: Cells.advanced(target, by: column &* lanes))
            }
            return
        }
        for (column, window) in windows.columns.windows.enumerated() {
            let cells = Cells.advanced(target, by: column &* lanes)
            forEachPiece(of: window) { piece in
                let (copy, step) = readable(piece, of: source, inPlace: false)
                note(piece, copy + -piece.lowerBound &* step, step, base: base, at: 0)
                foldTaps(piece.count, into: cells, continues: piece.lowerBound > window.lowerBound)
            }
        }
    }

    @inline(__always)
    private func fold(_ window: Range<Int>, _ cells: UnsafePointer<Row>, _ step: Int, base: Int, into target: Line) {
        forEachPiece(of: window) { piece in
            note(piece, cells, step, base: base, at: 0)
            foldTaps(piece.count, into: target, continues: piece.lowerBound > window.lowerBound)
        }
    }

    @inline(__always)
    private func forEachPiece(of window: Range<Int>, _ body: (Range<Int>) -> Void) {
        var first = window.lowerBound
        while first < window.upperBound {
            let end = min(first &+ kernel.tapCount, window.upperBound)
            body(first..<end)
            first = end
        }
    }

    /// Folds each window from where its cells are.
    private func foldWholeWindows(_ rows: Range<Int>, _ depths: Range<Int>, to target: InterleavedTarget) {
        let results = line(target.output)
        let isFinished = isFinished(target)
        var fetched = 0
        for (column, window) in windows.columns.windows.enumerated() {
            if kernel.fetchesAhead {
                fetch(fetched..<window.upperBound, rows: rows, depths)
                fetched = window.upperBound
            }
            var count = 0
            for depth in depths {
                for row in rows {
                    let base = depth &* windows.index.depth &+ row &* windows.index.row
                    note(
                        window, source(row, depth: depth).bound(to: Row.self), windows.input.column, base: base,
                        at: count)
                    count &+= window.count
                }
            }
            let cells = Cells.advanced(results, by: column &* lanes)
            foldTaps(count, into: cells)
            if !isFinished { finish(cells, column, of: target) }
        }
    }

    /// Fetches what the next rows of windows read, while these are folded.
    @inline(__always)
    private func fetch(_ columns: Range<Int>, rows: Range<Int>, _ depths: Range<Int>) {
        let line = Self.cacheLineBytes / MemoryLayout<Row>.stride
        for depth in depths {
            for row in rows.upperBound..<min(rows.upperBound &+ windows.rows.step, windows.rows.input) {
                let cells = source(row, depth: depth).bound(to: Row.self)
                for column in columns {
                    let first = cells + column &* windows.input.column
                    var lane = 0
                    while lane < lanes {
                        cprefetch(first + lane)
                        lane &+= line
                    }
                }
            }
        }
    }

    /// Notes the taps of a window along one row.
    @inline(__always)
    private func note(_ window: Range<Int>, _ cells: UnsafePointer<Row>, _ step: Int, base: Int, at start: Int) {
        var tap = start
        for column in window {
            scratch.taps[tap] = InterleavedTap(
                cells: cells + column &* step, number: base &+ column &* windows.index.column)
            tap &+= 1
        }
    }

    /// Folds the noted taps from the first to the last.
    ///
    /// - Parameter continues: whether `target` holds what they are folded into.
    @inline(__always)
    private func foldTaps(_ count: Int, into target: Line, continues: Bool = false) {
        let taps = scratch.taps
        @inline(__always)
        func cells(_ tap: InterleavedTap<Row>, _ lane: Int) -> Cells.Cells {
            Cells.cells(Row.load(tap.cells + lane), number: tap.number)
        }
        let first = taps[0]
        guard !continues else {
            // By themselves first: sums of many cells lose less than one by one.
            Rows<Cells>.forEachVector(lanes) { lane in
                var folded = cells(first, lane)
                for tap in 1..<max(count, 1) { folded = Cells.fold(folded, cells(taps[tap], lane)) }
                Cells.store(Cells.fold(Cells.load(target, lane), folded), target, lane)
            }
            return
        }
        switch count {
        case 1: Rows<Cells>.forEachVector(lanes) { Cells.store(cells(first, $0), target, $0) }
        case 2:
            let second = taps[1]
            Rows<Cells>.forEachVector(lanes) {
                Cells.store(Cells.fold(cells(first, $0), cells(second, $0)), target, $0)
            }
        case 3:
            let (second, third) = (taps[1], taps[2])
            Rows<Cells>.forEachVector(lanes) {
                let folded = Cells.fold(cells(first, $0), cells(second, $0))
                Cells.store(Cells.fold(folded, cells(third, $0)), target, $0)
            }
        case 4:
            let (second, third, fourth) = (taps[1], taps[2], taps[3])
            Rows<Cells>.forEachVector(lanes) {
                let folded = Cells.fold(Cells.fold(cells(first, $0), cells(second, $0)), cells(third, $0))
                Cells.store(Cells.fold(folded, cells(fourth, $0)), target, $0)
            }
        default:
            var lane = 0
            // Two vectors at a time, for which each tap is looked up once.
            while lane &+ Cells.width < lanes {
                var (folded, next) = (cells(first, lane), cells(first, lane &+ Cells.width))
                for number in 1..<max(count, 1) {
                    let tap = taps[number]
                    folded = Cells.fold(folded, cells(tap, lane))
                    next = Cells.fold(next, cells(tap, lane &+ Cells.width))
                }
                Cells.store(folded, target, lane)
                Cells.store(next, target, lane &+ Cells.width)
                lane &+= 2 &* Cells.width
            }
            if lane < lanes {
                var folded = cells(first, lane)
                for tap in 1..<max(count, 1) { folded = Cells.fold(folded, cells(taps[tap], lane)) }
                Cells.store(folded, target, lane)
            }
        }
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
    private func isFinished(_ target: InterleavedTarget) -> Bool {
        isInPlace && target.indices == nil && kernel.divisor == nil
    }

    /// Divides the results of one window, and writes what of them is not there already.
    @inline(__always)
    private func finish(_ results: Line, _ column: Int, of target: InterleavedTarget) {
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
