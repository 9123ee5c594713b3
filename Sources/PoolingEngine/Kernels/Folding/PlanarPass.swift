import CPrefetch

/// One slice's work of a ``PlanarKernel``, with the memory that it works in.
struct PlanarPass<Cells: RowCells> {
    typealias Row = Cells.Row
    typealias Line = Cells.Line
    typealias Block = Rows<Cells>.Block

    private let kernel: PlanarKernel<Cells>
    /// The end of the whole input, up to which memory may be read.
    private let inputEnd: Elements
    private let buffers: RowBuffers<Cells>
    /// Rows of results, where they cannot be made in place, and their indices.
    private let result: Line
    private let divisors: UnsafePointer<Row>?
    /// Padded rows; one block for each depth that is kept with others.
    private let padded: Line
    private let paddedCount: Int
    private let spare: Line
    /// Rows folded along their columns: of each depth of a window, or of each table.
    private let folded: Line
    private let count: Int
    private let lines: [RowLines]
    private let columns: [Range<Int>]
    /// The columns of windows that come last; nil where these are folded first.
    private let taps: RowTaps?
    /// Cells from the start of a row that may be read for it, whole vectors included.
    private let reach: Int

    /// Folds along columns after which the computation may be stopped.
    private static var foldsTogether: Int { 1 << 20 }

    private var windows: RowWindows { kernel.windows }
    private var sheets: PlanarSheets { kernel.sheets }

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

    /// Copies rows with their padding.
    private func pad(_ rows: Elements, _ rowCount: Int, into target: UnsafeMutablePointer<Row>) {
        let first = max(kernel.sliding.before, 0)
        let skipped = max(-kernel.sliding.before, 0)
        let count = min(windows.columns.input &- skipped, sheets.paddedPitch &- first)
        let after = kernel.sliding.needsPadding ? sheets.paddedPitch &- first &- count : 0
        let step = windows.input.column
        let source = rows + skipped &* step
        // The processor does not foresee where the next plane has pieces of rows.
        for number in 0..<(step == 1 && windows.input.row > windows.columns.input ? rowCount : 0) {
            let next = source + (kernel.geometry.lane.input &+ number &* windows.input.row)
            cprefetch(next.bound(to: UInt8.self))
            cprefetch((next + (count &- 1)).bound(to: UInt8.self))
        }
        let isRoomy = source.has((rowCount &- 1) &* windows.input.row &+ Cells.rounded(count), before: inputEnd)
        if kernel.format.isStored, step == 1, isRoomy {
            Rows<Cells>.pad(
                source.bound(to: Row.self), pitch: windows.input.row, into: target, pitch: sheets.paddedPitch,
                rowCount: rowCount, (first, count, after))
            return
        }
        for number in 0..<rowCount {
            let row = target + number &* sheets.paddedPitch
            kernel.format.read(source + number &* windows.input.row, step, count, row + first)
            Rows<Cells>.fillEdges(of: row, (first, count, after))
        }
    }

    /// Table `n` has windows of 2ⁿ rows, from two of half the height.
    private func fillTables(rowCount: Int) {
        for level in 1..<sheets.tableCount {
            let half = 1 << (level - 1)
            let from = Cells.advanced(folded, by: (level - 1) * sheets.foldedCount)
            Rows<Cells>.fold(
                from, Cells.advanced(from, by: half * sheets.foldedPitch),
                into: Cells.advanced(folded, by: level * sheets.foldedCount),
                count: max(rowCount - 2 * half + 1, 0) * sheets.foldedPitch)
        }
    }

    /// Folds rows of windows into rows of results.
    ///
    /// - Parameter room: cells from the first result on that may be written before the results that belong there.
    private func foldRows(_ rows: Line, _ lines: Range<Int>, to target: PlanarTarget, room: Int) {
        let isInPlace = kernel.format.isStored && windows.hasDenseRows && windows.outputStep == 1
        // Whole vectors of the last rows would end behind the room.
        let roomy = isInPlace ? min(max(room &- Cells.rounded(count) &+ count, 0) / count, lines.count) : 0
        fold(rows, lines.prefix(roomy), into: Cells.line(at: target.output.bound(to: Row.self), indicesOf: result))
        let rest = Cells.advanced(result, by: roomy &* count)
        fold(rows, lines.dropFirst(roomy), into: rest)
        write(Cells.cells(of: result), rows: roomy..<lines.count, to: target.output)
        if let indices = target.indices { writeIndices(rows: lines.count, to: indices, number: target.number) }
    }

    @inline(__always)
    private func fold(_ rows: Line, _ lines: Range<Int>, into target: Line) {
        guard !lines.isEmpty else { return }
        self.lines.withUnsafeBufferPointer { all in
            let lines = UnsafeBufferPointer(rebasing: all[lines])
            if let taps { return fold(rows, lines, taps: taps, into: target) }
            Rows<Cells>.fold(
                rows, lines, slotPitch: sheets.slotPitch, into: target, count: count, divisors: divisors)
        }
    }

    /// Folds the rows of each row of windows into one, and that along its columns.
    ///
    /// Folding in this order does not say which of equal cells came first: the cells that a result may be are looked up.
    private func fold(_ rows: Line, _ lines: UnsafeBufferPointer<RowLines>, taps: RowTaps, into target: Line) {
        let (row, cells) = (Cells.cells(of: folded), Cells.cells(of: rows))
        let (inputCount, slotPitch) = (windows.columns.input, sheets.slotPitch)
        for (number, line) in lines.enumerated() {
            let results = Cells.advanced(target, by: number &* count)
            Rows<PlainCells<Cells.Fold>>.fold(
                cells, UnsafeBufferPointer(rebasing: lines[number...number]), slotPitch: slotPitch, into: row,
                count: inputCount, divisors: nil)
            // Sums over uneven windows see this cell.
            row[inputCount] = .zero
            Rows<Cells>.gather(
                row, into: Cells.cells(of: results), count: count, taps,
                divisors: divisors.map { $0 + line.divisors })
            guard Cells.Fold.isSelection else { continue }
            for column in 0..<count {
                let value = Cells.cells(of: results)[column]
                guard Cells.hasIndices || value == .zero else { continue }
                let found = Self.offset(of: value, in: line, columns[column], cells, slotPitch: slotPitch)
                if let found { Cells.copy(rows, found, to: results, column) }
            }
        }
    }

    /// The offset of the cell that the op names among those of a window with its value: the first, or for a selected
    /// NaN the last.
    @inline(__always)
    private static func offset(
        of value: Row, in line: RowLines, _ columns: Range<Int>, _ rows: UnsafePointer<Row>, slotPitch: Int
    ) -> Int? {
        let isLast = Cells.Fold.takesLastUnordered(value)
        // The bits of several rows in a word, unless one row takes several words.
        let together = columns.count <= Cells.width ? UInt64.bitWidth / Cells.width : 1
        var found: Int?
        for slot in 0..<line.slots {
            var first = line.first &+ slot &* slotPitch
            var rest = line.count
            while rest > 0 {
                var column = columns.lowerBound
                while column < columns.upperBound {
                    let isIn = ~0 &>> UInt64(UInt64.bitWidth &- min(columns.upperBound &- column, Cells.width))
                    var (matches, cells): (UInt64, _) = (0, rows + (first &+ column))
                    for row in 0..<min(together, rest) {
                        matches |= (Row.matches(Row.load(cells), value) & isIn) &<< UInt64(row &* Cells.width)
                        cells += line.pitch
                    }
                    if matches != 0 {
                        let bit = isLast ? 63 &- matches.leadingZeroBitCount : matches.trailingZeroBitCount
                        found = first &+ bit / Cells.width &* line.pitch &+ column &+ bit % Cells.width
                        if !isLast { return found }
                    }
                    column &+= Cells.width
                }
                first &+= together &* line.pitch
                rest &-= together
            }
        }
        return found
    }

    /// Rows of results that were not made in place.
    private func write(_ cells: UnsafePointer<Row>, rows: Range<Int>, to output: MutableElements) {
        let step = windows.outputStep
        if windows.hasDenseRows {
            let first = rows.lowerBound &* count
            return kernel.format.write(cells + first, rows.count &* count, output + first &* step, step)
        }
        for row in rows {
            kernel.format.write(cells + row &* count, count, output + row &* windows.output.row, step)
        }
    }

    private func writeIndices(rows: Int, to indices: UnsafeMutablePointer<Int64>, number: Int) {
        if windows.hasDenseRows {
            Cells.writeIndices(
                result, to: indices, stride: windows.outputStep, count: rows &* count, number: number, step: 0)
            return
        }
        for row in 0..<rows {
            Cells.writeIndices(
                Cells.advanced(result, by: row &* count), to: indices + row &* windows.output.row,
                stride: windows.outputStep, count: count, number: number, step: 0)
        }
    }
}
