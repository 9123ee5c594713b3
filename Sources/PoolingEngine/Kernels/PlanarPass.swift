/// One slice's work of a ``PlanarKernel``, with the memory that it works in.
struct PlanarPass<Format: RowFormat, Cells: RowCells> where Format.Row == Cells.Row {
    typealias Stored = Format.Stored
    typealias Row = Cells.Row
    typealias Line = Cells.Line
    typealias Block = Rows<Cells>.Block

    private let kernel: PlanarKernel<Format, Cells>
    private let windows: RowWindows
    /// The end of the whole input, up to which memory may be read.
    private let inputEnd: UnsafePointer<Stored>
    private let buffers: RowBuffers<Cells>
    /// A row of answers, where it cannot be made in place.
    private let result: Line
    private let divisors: UnsafeMutablePointer<Row>
    private let padded: Block
    private let spare: Line
    /// Rows of windows: of each source depth of a window, or of each table.
    private let folded: Block
    private let foldedCount: Int
    /// What the divisors that were written last have in common.
    private var common: Double?
    private let count: Int
    private let rowCount: Int
    /// Cells from the start of a row that may be read for it, whole vectors included.
    private let reach: Int

    init(kernel: PlanarKernel<Format, Cells>, end: UnsafePointer<Stored>) {
        self.kernel = kernel
        windows = kernel.windows
        inputEnd = end
        count = windows.columns.output
        rowCount = kernel.bands.rowCount
        foldedCount = rowCount * kernel.foldedPitch + kernel.sliding.overrun + count
        reach =
            kernel.paddedPitch + kernel.sliding.overrun + 2 * Cells.width * kernel.sliding.stride
            - kernel.sliding.before
        let levels = max(kernel.tableCount, windows.depth.largestCount)
        let paddedCount = rowCount * kernel.paddedPitch + kernel.sliding.overrun + count * kernel.sliding.stride
        buffers = RowBuffers(
            [count, count, paddedCount, foldedCount, levels * foldedCount],
            lineCount: windows.rows.largestCount * windows.depth.largestCount)
        result = Cells.line(0, buffers)
        divisors = buffers.cells(of: 1)
        padded = Block(first: Cells.line(2, buffers), pitch: kernel.paddedPitch)
        spare = Cells.line(3, buffers)
        folded = Block(first: Cells.line(4, buffers), pitch: kernel.foldedPitch)
        numberPlaces()
    }

    /// Numbers the cells of a band from its first row on; those of padding as the cells at the edge.
    private func numberPlaces() {
        guard Cells.hasPlaces else { return }
        let (before, last) = (kernel.sliding.before, windows.columns.input - 1)
        for row in 0..<rowCount {
            for cell in 0..<padded.pitch {
                let column = min(max(cell - before, 0), last)
                let number = row * windows.index.row + column * windows.index.column
                Cells.setPlace(padded.first, row * padded.pitch + cell, number)
            }
        }
    }

    /// Folds one depth of windows.
    mutating func fold(_ depth: Int, plane: UnsafePointer<Stored>, to target: PlanarTarget<Stored>) {
        let sources = windows.depth.windows[depth]
        for band in kernel.bands.bands {
            for (slot, source) in sources.enumerated() {
                let line = Cells.advanced(folded.first, by: slot &* foldedCount)
                foldColumns(
                    band.rows, plane + source &* windows.input.depth, into: Block(first: line, pitch: folded.pitch))
                if slot > 0 { Cells.movePlaces(line, count: foldedCount, by: slot &* windows.index.depth) }
            }
            if kernel.tableCount > 1 { fillTables(rowCount: band.rows.count) }
            let number =
                target.number &+ sources.lowerBound &* windows.index.depth &+ band.rows.lowerBound &* windows.index.row
            for row in band.windows {
                write(row: row, depth: depth, from: band.rows.lowerBound, number: number, target)
            }
        }
    }

    /// Folds the windows of some rows of a slice.
    private func foldColumns(_ rows: Range<Int>, _ slice: UnsafePointer<Stored>, into target: Block) {
        let source = readable(rows, slice)
        switch kernel.sliding.way {
        case .evenly(let kernel, let stride):
            Rows<Cells>.slide(
                source, into: target, rowCount: rows.count, count: count, kernel: kernel, stride: stride)
        case .byDoubling(let kernel):
            Rows<Cells>.slideByDoubling(
                source, into: target, spare: spare, rowCount: rows.count, count: count, kernel: kernel)
        case .listed(let taps): Rows<Cells>.gather(source, into: target, rowCount: rows.count, count: count, taps)
        }
    }

    /// Rows as windows see them: where they stand, or copies with what stands for padding.
    @inline(__always)
    private func readable(_ rows: Range<Int>, _ slice: UnsafePointer<Stored>) -> Block {
        let source = slice + rows.lowerBound &* windows.input.row
        let end = (rows.count &- 1) &* windows.input.row &+ reach
        if kernel.readsInPlace, inputEnd - source >= end {
            let cells = UnsafeMutableRawPointer(mutating: UnsafeRawPointer(source - kernel.sliding.before))
            let line = Cells.line(at: cells.assumingMemoryBound(to: Row.self), placesOf: padded.first)
            return Block(first: line, pitch: windows.input.row)
        }
        for row in 0..<rows.count {
            pad(source + row &* windows.input.row, into: Cells.cells(of: padded.first) + row &* padded.pitch)
        }
        return padded
    }

    /// Copies a row, with what stands for its padding.
    @inline(__always)
    private func pad(_ source: UnsafePointer<Stored>, into row: UnsafeMutablePointer<Row>) {
        let first = max(kernel.sliding.before, 0)
        let skipped = max(-kernel.sliding.before, 0)
        let count = min(windows.columns.input &- skipped, padded.pitch &- first)
        copy(source + skipped, count, into: row + first)
        // A choice may see a cell twice, so the edge cell is repeated; a sum sees zeros.
        let isChoice = Cells.Fold.isChoice
        let (before, after) = isChoice ? (row[first], row[first &+ count &- 1]) : (Row.zero, Row.zero)
        let end = first &+ count
        Rows<Cells>.fill(row + end, with: after, count: padded.pitch &- end)
        for i in 0..<first { row[i] = before }
    }

    /// Copies a row's cells; what is written behind them belongs to the padding, or to rows that are copied later.
    @inline(__always)
    private func copy(_ source: UnsafePointer<Stored>, _ count: Int, into row: UnsafeMutablePointer<Row>) {
        guard Format.isStored else {
            for i in 0..<count { row[i] = Format.row(source[i]) }
            return
        }
        let cells = UnsafeRawPointer(source).assumingMemoryBound(to: Row.self)
        guard inputEnd - source >= Cells.rounded(count) else {
            row.update(from: cells, count: count)
            return
        }
        Rows<Cells>.forEachVector(count) { position in
            Row.store(Row.load(cells + position), row + position)
        }
    }

    /// Table `n` has windows of 2ⁿ rows, from two of half the height.
    private func fillTables(rowCount: Int) {
        for level in 1..<kernel.tableCount {
            let half = 1 << (level - 1)
            let from = Cells.advanced(folded.first, by: (level - 1) * foldedCount)
            Rows<Cells>.fold(
                from, Cells.advanced(from, by: half * folded.pitch),
                into: Cells.advanced(folded.first, by: level * foldedCount),
                count: max(rowCount - 2 * half + 1, 0) * folded.pitch)
        }
    }

    /// The lines that make up a window of one depth, from the first to the last.
    @inline(__always)
    private func lines(of rows: Range<Int>, from first: Int) -> (block: Block, count: Int) {
        let start = rows.lowerBound &- first
        guard kernel.tableCount > 1 else { return (Block(first: folded.line(start), pitch: folded.pitch), rows.count) }
        let level = Int.bitWidth &- 1 &- rows.count.leadingZeroBitCount
        let line = Cells.advanced(folded.first, by: level &* foldedCount &+ start &* folded.pitch)
        return (Block(first: line, pitch: (rows.count &- 1 << level) &* folded.pitch), 2)
    }

    /// The same over several depths, in row-major order.
    private func collect(_ rows: Range<Int>, from first: Int, depths: Int) -> Int {
        var lineCount = 0
        for slot in 0..<depths {
            for row in rows {
                buffers.lines[lineCount] = Cells.advanced(folded.line(row &- first), by: slot &* foldedCount)
                lineCount &+= 1
            }
        }
        return lineCount
    }

    /// Folds a row of windows into a row of answers.
    @inline(__always)
    private mutating func write(
        row: Int, depth: Int, from first: Int, number: Int, _ target: PlanarTarget<Stored>
    ) {
        let place = row &* windows.output.row
        let output = target.output + place
        let isInPlace = Format.isStored && isRoomy(row)
        let line =
            isInPlace
            ? Cells.line(at: UnsafeMutableRawPointer(output).assumingMemoryBound(to: Row.self), placesOf: result)
            : result
        foldRows(windows.rows.windows[row], from: first, depths: windows.depth.windows[depth].count, into: line)
        if let divisor = kernel.divisor { divide(Cells.cells(of: line), by: divisor, row: row, depth: depth) }
        if !isInPlace {
            let cells = Cells.cells(of: result)
            for i in 0..<count { output[i] = Format.stored(cells[i]) }
        }
        if let indices = target.indices {
            Cells.writePlaces(result, to: indices + place, stride: 1, count: count, number: number, step: 0)
        }
    }

    @inline(__always)
    private func foldRows(_ rows: Range<Int>, from first: Int, depths: Int, into target: Line) {
        if depths == 1 {
            let lines = lines(of: rows, from: first)
            Rows<Cells>.fold(lines.block, lines.count, into: target, count: count)
        } else {
            let lineCount = collect(rows, from: first, depths: depths)
            Rows<Cells>.fold(buffers.lines, lineCount, into: target, count: count)
        }
    }

    /// Whether whole vectors written to a row of answers end within rows that are written later.
    @inline(__always)
    private func isRoomy(_ row: Int) -> Bool {
        windows.output.row == count && Cells.rounded(count) <= (windows.rows.output &- row) &* count
    }

    @inline(__always)
    private mutating func divide(_ cells: UnsafeMutablePointer<Row>, by divisor: RowDivisor, row: Int, depth: Int) {
        let common = divisor.common(depth: depth, row: row)
        if self.common != common {
            self.common = common
            for i in 0..<count { divisors[i] = Cells.Fold.divisor(divisor.divisor(common, column: i)) }
        }
        Rows<Cells>.forEachVector(count) { position in
            let quotient = Cells.Fold.divided(Row.load(cells + position), by: Row.load(divisors + position))
            Row.store(quotient, cells + position)
        }
    }
}
