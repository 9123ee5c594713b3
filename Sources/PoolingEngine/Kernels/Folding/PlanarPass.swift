import CPrefetch

/// One slice's work of a ``PlanarKernel``, with the memory that it works in.
struct PlanarPass<Cells: RowCells> {
    typealias Row = Cells.Row
    typealias Line = Cells.Line
    typealias Block = Rows<Cells>.Block

    let kernel: PlanarKernel<Cells>
    /// The end of the whole input, up to which memory may be read.
    let inputEnd: Elements
    private let buffers: RowBuffers<Cells>
    /// Rows of results, where they cannot be made in place, and their indices.
    let result: Line
    let divisors: UnsafePointer<Row>?
    /// Padded rows; one block for each depth that is kept with others.
    private let padded: Line
    private let paddedCount: Int
    private let spare: Line
    /// Rows folded along their columns: of each depth of a window, or of each table.
    let folded: Line
    let count: Int
    let lines: [RowLines]
    let columns: [Range<Int>]
    /// The columns of windows that come last; nil where these are folded first.
    let taps: RowTaps?
    /// Cells from the start of a row that may be read for it, whole vectors included.
    private let reach: Int

    /// Folds along columns after which the computation may be stopped.
    private static var foldsTogether: Int { 1 << 20 }

    var windows: RowWindows { kernel.windows }
    var sheets: PlanarSheets { kernel.sheets }

    init(kernel: PlanarKernel<Cells>, buffers: RowBuffers<Cells>, end: Elements) {
        (self.kernel, self.buffers) = (kernel, buffers)
        let sheets = kernel.sheets
        inputEnd = end
        (count, columns, lines) = (kernel.windows.columns.output, kernel.windows.columns.windows, sheets.lines)
        taps = if case .listed(let taps) = kernel.sliding.way { taps } else { nil }
        let overrun = kernel.sliding.overrun
        reach = sheets.paddedPitch + overrun + 2 * Cells.width * kernel.sliding.stride - kernel.sliding.before
        paddedCount = kernel.paddedCount
        let divisorCells = kernel.divisors?.cells ?? []
        result = Cells.line(0, buffers)
        buffers.cells(of: 1).update(from: divisorCells, count: divisorCells.count)
        divisors = kernel.divisors == nil ? nil : UnsafePointer(buffers.cells(of: 1))
        padded = Cells.line(2, buffers)
        spare = Cells.line(3, buffers)
        folded = Cells.line(4, buffers)
        numberCells()
    }

    /// Numbers the cells of a sheet from its first row on; those of padding as the cells at the edge.
    private func numberCells() {
        guard Cells.hasIndices else { return }
        let (before, last) = (kernel.sliding.before, windows.columns.input - 1)
        for slot in 0..<sheets.slots {
            let line = Cells.advanced(padded, by: slot * paddedCount)
            for row in 0..<sheets.rowCount {
                let first = number(of: row, slot: slot)
                for cell in 0..<sheets.paddedPitch {
                    let column = min(max(cell - before, 0), last)
                    Cells.setIndex(line, row * sheets.paddedPitch + cell, first + column * windows.index.column)
                }
            }
        }
    }

    private func number(of row: Int, slot: Int) -> Int {
        guard sheets.stack != nil else { return slot * windows.index.depth + row * windows.index.row }
        let (depth, row) = row.quotientAndRemainder(dividingBy: windows.rows.input)
        let (plane, source) = depth.quotientAndRemainder(dividingBy: windows.depth.input)
        return plane * kernel.geometry.lane.index + source * windows.index.depth + row * windows.index.row
    }

    /// Folds a stack of planes.
    ///
    /// - Returns: whether it was not stopped.
    func fold(planes: Int, _ first: Elements, to target: PlanarTarget, _ pace: inout Pace) -> Bool {
        let lineCount = planes &* windows.lineCount
        let rowCount = planes &* windows.depth.input &* windows.rows.input
        guard let rows = foldColumns(first, rowCount: rowCount, slot: 0, &pace) else { return false }
        foldRows(rows, 0..<lineCount, to: target, room: lineCount &* count)
        return pace.goesOn(after: planes &* windows.planeCount)
    }

    /// Folds a plane in bands, unless it is stopped.
    ///
    /// - Returns: whether it was not stopped.
    func fold(plane: Elements, to target: PlanarTarget, _ pace: inout Pace) -> Bool {
        for (depth, sources) in windows.depth.windows.enumerated() {
            for band in sheets.bands.bands {
                let top = plane + band.rows.lowerBound &* windows.input.row
                var rows = folded
                // Whole vectors write behind the rows of a slot, where those of the next one will be.
                for (slot, source) in sources.enumerated() {
                    let source = top + source &* windows.input.depth
                    guard let line = foldColumns(source, rowCount: band.rows.count, slot: slot, &pace)
                    else { return false }
                    if slot == 0 { rows = line }
                }
                let first = depth &* windows.rows.output &+ band.windows.lowerBound
                foldRows(
                    rows, first..<first &+ band.windows.count,
                    to: target.moved(
                        by: depth &* windows.output.depth &+ band.windows.lowerBound &* windows.output.row,
                        number: sources.lowerBound &* windows.index.depth
                            &+ band.rows.lowerBound &* windows.index.row),
                    room: (windows.rows.output &- band.windows.lowerBound) &* count)
                let folds = band.rows.count &* sources.count &+ band.windows.count &* windows.rows.largestCount
                guard pace.goesOn(after: folds &* sheets.foldedPitch) else { return false }
            }
        }
        return true
    }

    /// Folds rows along their columns, unless these come last.
    ///
    /// - Returns: the rows of the first slot, from which rows of windows are folded; nil where it was stopped.
    private func foldColumns(_ rows: Elements, rowCount: Int, slot: Int, _ pace: inout Pace) -> Line? {
        let source = readable(rows, rowCount, slot)
        let target = Block(first: Cells.advanced(folded, by: slot &* sheets.foldedCount), pitch: sheets.foldedPitch)
        switch kernel.sliding.way {
        case .evenly(let kernel, let stride):
            // Rows with large windows are stopped between.
            let folds = sheets.foldedPitch &* kernel
            let together = max(Self.foldsTogether / folds, 1)
            var first = 0
            while first < rowCount {
                let part = min(rowCount &- first, together)
                Rows<Cells>.slide(
                    source.from(first), into: target.from(first), rowCount: part, count: count, kernel: kernel,
                    stride: stride)
                first &+= part
                guard first == rowCount || pace.goesOn(after: part &* folds) else { return nil }
            }
        case .byDoubling(let kernel):
            Rows<Cells>.slideByDoubling(
                source, into: target, spare: spare, rowCount: rowCount, count: count, kernel: kernel)
        case .listed: return source.first
        }
        if sheets.tableCount > 1 { fillTables(rowCount: rowCount) }
        return folded
    }

    /// Rows as windows see them: where they are, or copies with padding.
    @inline(__always)
    private func readable(_ rows: Elements, _ rowCount: Int, _ slot: Int) -> Block {
        let copies = Cells.advanced(padded, by: slot &* paddedCount)
        if kernel.readsInPlace, rows.has((rowCount &- 1) &* windows.input.row &+ reach, before: inputEnd) {
            let cells = UnsafeMutablePointer(mutating: (rows + -kernel.sliding.before).bound(to: Row.self))
            let line = Cells.line(at: cells, indicesOf: copies)
            return Block(first: line, pitch: windows.input.row)
        }
        pad(rows, rowCount, into: Cells.cells(of: copies))
        return Block(first: copies, pitch: sheets.paddedPitch)
    }
}
