import RecycledMemory

/// One slice's work of a ``TermKernel``, with the memory that it works in.
final class TermPass<R: TermReduction> {
    typealias Element = R.Element

    let kernel: TermKernel<R>
    let scratch: WindowScratch<Element>
    let reader: WindowReader
    /// A line of results, or of what comes in.
    let results: UnsafeMutablePointer<Element>
    let windows: RowWindows
    /// How a row of the planes at hand lies in the input, and a row of their windows in the output.
    private(set) var input: TermPieces
    private(set) var output: TermPieces
    private let reduction: R
    private let pitch: Int
    private let block: ScratchMemory
    /// The line that rows are folded to, the lines that are kept, and the folded terms of a row of windows.
    private let folded: UnsafeMutablePointer<Double>
    private let kept: UnsafeMutablePointer<Double>
    private let sums: UnsafeMutablePointer<Double>
    private let list: UnsafeMutablePointer<UnsafeMutablePointer<Double>>
    /// Rows of cells, and copies of those that cannot be read where they are.
    private let rows: UnsafeMutablePointer<UnsafePointer<Element>>
    private let copied: UnsafeMutablePointer<Element>
    /// For each cell of a line: cells of its window along the row, cells of the whole window, and the inverse of these.
    private let columnCounts: UnsafeMutablePointer<Double>
    private let counts: UnsafeMutablePointer<Double>
    private let inverses: UnsafeMutablePointer<Double>
    /// The rows of cells that ``counts`` are of.
    private var countedLines = -1
    /// The end of the whole input, up to which memory may be read.
    private let end: Elements
    /// Looks whether windows may be folded by themselves; false once the computation is to stop.
    private var pace: Pace
    private(set) var goesOn = true

    @inline(__always) private static var width: Int { Lanes.scalarCount }

    /// Nil where the system gives no memory.
    init?(_ kernel: TermKernel<R>, gradients: Bool, end: Elements, _ cancellation: Cancellation?) {
        let needs = kernel.needs(gradients: gradients)
        guard let scratch = WindowScratch<Element>(needs, cancellation),
            let block = ScratchMemory(byteCount: kernel.byteCount(gradients: gradients) - needs.byteCount)
        else { return nil }
        (self.kernel, self.scratch, self.block, self.end) = (kernel, scratch, block, end)
        pace = Pace(cancellation)
        (windows, reduction, pitch) = (kernel.windows, kernel.reduction, kernel.pitch)
        (input, output) = kernel.pieces(of: kernel.lanes)
        folded = block.start.assumingMemoryBound(to: Double.self) + kernel.front
        kept = folded + kernel.linePitch
        sums = folded + kernel.lineCount * kernel.linePitch
        // Whole vectors take what is behind a line: ordinary numbers, which are no slower than others.
        (folded - kernel.front).update(repeating: 1, count: kernel.front + kernel.linePitch)
        columnCounts = sums + kernel.linePitch
        (counts, inverses) = (columnCounts + pitch, columnCounts + 2 * pitch)
        columnCounts.update(repeating: 1, count: 3 * pitch)
        for (column, window) in windows.columns.windows.enumerated() {
            (columnCounts + column * kernel.cell).update(repeating: Double(window.count), count: kernel.cell)
        }
        results = UnsafeMutableRawPointer(columnCounts + 3 * pitch).assumingMemoryBound(to: Element.self)
        copied = UnsafeMutableRawPointer(columnCounts + 4 * pitch).assumingMemoryBound(to: Element.self)
        copied.initialize(repeating: .zero, count: kernel.rowsTogether * pitch)
        let lists = columnCounts + (4 + kernel.rowsTogether) * pitch
        list = UnsafeMutableRawPointer(lists)
            .bindMemory(to: UnsafeMutablePointer<Double>.self, capacity: kernel.listedRows)
        rows = UnsafeMutableRawPointer(lists + kernel.listedRows)
            .bindMemory(to: UnsafePointer<Element>.self, capacity: kernel.rowsTogether)
        reader = WindowReader(kernel.geometry, room: scratch.readerRoom)
    }

    /// Pools planes that are next to each other, unless it is stopped.
    ///
    /// - Returns: whether it was not stopped.
    func pool(_ lanes: Int, _ plane: Elements, to target: MutableElements, _ pace: inout Pace) -> Bool {
        let step = windows.output
        return fold(lanes, plane, &pace) { eight, folded in
            let (value, witness) = reduction.value(folded, counts: cellCounts(of: eight))
            Element.store(value, results + eight.position)
            eight.forEachUnknown(witness) { lane in
                guard foldsAlone() else { return }
                reduction.reduce(tile(plane, window(lane, of: eight)), scratch)
                results[eight.position &+ lane] = scratch.results[0]
            }
        } row: { depth, row in
            let row = target + (depth &* step.depth &+ row &* step.row)
            for piece in 0..<output.count {
                kernel.format.write(
                    results + piece &* output.pitch, output.length, row + piece &* output.step, output.stride)
            }
        } && goesOn
    }

    /// Calls `eight` with the folded terms of all windows of some planes, and `row` behind each row of them, unless it is
    /// stopped.
    ///
    /// - Returns: whether it was not stopped.
    @inline(__always)
    func fold(
        _ lanes: Int, _ plane: Elements, _ pace: inout Pace,
        eight: (_ windows: WindowTerms, _ folded: R.Terms) -> Void,
        row finish: (_ depth: Int, _ row: Int) -> Void
    ) -> Bool {
        (input, output) = kernel.pieces(of: lanes)
        let (depthWindows, rowWindows) = (windows.depth.windows, windows.rows.windows)
        let columnWindows = windows.columns.windows
        for (depth, sources) in depthWindows.enumerated() {
            var next = 0
            for (row, needed) in rowWindows.enumerated() {
                let lines = Lines(plane: plane, sources: sources, rows: needed, step: windows.input)
                if kernel.foldsWholeWindows {
                    foldWindows(columnWindows, of: lines, lanes)
                    guard pace.goesOn(after: lines.count &* input.count &* input.length) else { return false }
                } else {
                    if kernel.keptRows > 0 {
                        next = max(next, needed.lowerBound)
                        while next < needed.upperBound {
                            takeTerms(plane, sources, next)
                            next += 1
                            guard pace.goesOn(after: sources.count &* input.count &* input.length)
                            else { return false }
                        }
                        foldRows(needed, sources.count)
                    } else {
                        guard foldCells(of: lines, &pace) else { return false }
                    }
                    foldColumns(columnWindows)
                }
                countCells(lines: lines.count)
                for piece in 0..<output.count {
                    var cell = 0
                    while cell < output.length {
                        let position = piece &* output.pitch &+ cell
                        let windows = WindowTerms(
                            depth: depth, row: row, position: position,
                            offset: piece &* output.step &+ cell &* output.stride,
                            count: min(output.length &- cell, Self.width))
                        eight(windows, load(sums, position))
                        cell &+= Self.width
                    }
                }
                finish(depth, row)
                guard pace.goesOn(after: output.count &* output.length) else { return false }
            }
        }
        return true
    }

    /// Whether one more window may be folded by itself: the cells of all of them are many times those of the input.
    func foldsAlone() -> Bool {
        goesOn = goesOn && pace.goesOn(after: scratch.tapCapacity)
        return goesOn
    }

    /// How many cells the windows of the row at hand have.
    @inline(__always)
    func cellCounts(of eight: WindowTerms) -> CellCounts {
        CellCounts(
            numbers: Double.lanes(counts + eight.position), inverses: Double.lanes(inverses + eight.position))
    }

    /// Counts the cells of windows that have `lines` rows of cells: most rows of windows have as many as the one before.
    private func countCells(lines: Int) {
        guard lines != countedLines else { return }
        countedLines = lines
        let end = windows.columns.output &* kernel.cell
        var position = 0
        while position < end {
            let numbers = Double.lanes(columnCounts + position) * Double(lines)
            Double.store(numbers, counts + position)
            Double.store(1 / numbers, inverses + position)
            position &+= Self.width
        }
    }

    /// The rows of cells of a row of windows, depth by depth.
    private struct Lines {
        let plane: Elements
        let sources: Range<Int>
        let rows: Range<Int>
        let step: (depth: Int, row: Int, column: Int)

        var count: Int { sources.count &* rows.count }

        /// Calls `body` with the first cells of some of the rows.
        @inline(__always)
        func forEach(in range: Range<Int>, _ body: (_ number: Int, _ start: Elements) -> Void) {
            let skipped = sources.count > 1 ? range.lowerBound / max(rows.count, 1) : 0
            var source = sources.lowerBound &+ skipped
            var row = rows.lowerBound &+ range.lowerBound &- skipped &* rows.count
            for number in 0..<range.count {
                body(number, plane + (source &* step.depth &+ row &* step.row))
                row &+= 1
                if row == rows.upperBound { (source, row) = (source &+ 1, rows.lowerBound) }
            }
        }
    }

    @inline(__always)
    private func canRead(_ row: Elements) -> Bool {
        let last = row + (input.count &- 1) &* input.step
        return kernel.format.isStored && input.stride == 1
            && last.has(TermKernel<R>.rounded(input.length), before: end)
    }

    private func copy(_ row: Elements, to cells: UnsafeMutablePointer<Element>) {
        for piece in 0..<input.count {
            kernel.format.read(
                row + piece &* input.step, input.stride, input.length, cells + piece &* input.pitch)
        }
    }

    /// Lists some of the rows: where they are, or copies.
    ///
    /// - Returns: whether they are where they are.
    @inline(__always)
    private func list(_ range: Range<Int>, of lines: Lines) -> Bool {
        var inPlace = true
        lines.forEach(in: range) { number, start in
            if canRead(start) { rows[number] = start.bound(to: Element.self) } else { inPlace = false }
        }
        if !inPlace {
            lines.forEach(in: range) { number, start in
                copy(start, to: copied + number &* pitch)
                rows[number] = UnsafePointer(copied + number &* pitch)
            }
        }
        return inPlace
    }

    /// Folds each window of a row from its cells.
    private func foldWindows(_ windows: [Range<Int>], of lines: Lines, _ lanes: Int) {
        let (lineCount, cell) = (lines.count, kernel.cell)
        let step = list(0..<lineCount, of: lines) ? lines.step.column : cell
        let rows = UnsafePointer(rows)
        for (column, window) in windows.enumerated() {
            var lane = 0
            while lane < lanes {
                var offset = window.lowerBound &* step &+ lane
                var folded = foldColumn(rows, lineCount, offset)
                for _ in 1..<max(window.count, 1) {
                    offset &+= step
                    folded = R.folded(folded, foldColumn(rows, lineCount, offset))
                }
                store(folded, sums, column &* cell &+ lane)
                lane &+= Self.width
            }
        }
    }

    /// The folded terms of cells at the same offset of `count` rows.
    @inline(__always)
    private func foldColumn(
        _ rows: UnsafePointer<UnsafePointer<Element>>, _ count: Int, _ offset: Int
    ) -> R.Terms {
        var folded = reduction.terms(Element.lanes(rows[0] + offset))
        var row = 1
        while row < count {
            folded = R.folded(folded, reduction.terms(Element.lanes(rows[row] + offset)))
            row &+= 1
        }
        return folded
    }

    /// Folds the rows of a row of windows to one, a few of them at a time.
    private func foldCells(of lines: Lines, _ pace: inout Pace) -> Bool {
        let (input, count) = (input, lines.count)
        var first = 0
        while first < count {
            let range = first..<min(first &+ kernel.rowsTogether, count)
            let step = list(range, of: lines) ? input.step : input.pitch
            for piece in 0..<input.count {
                foldCells(
                    range.count, piece &* step, input.length, to: folded + piece &* input.pitch,
                    continues: first > 0)
            }
            guard pace.goesOn(after: range.count &* input.count &* input.length) else { return false }
            first = range.upperBound
        }
        return true
    }

    @inline(__always)
    private func foldCells(
        _ count: Int, _ offset: Int, _ length: Int, to target: UnsafeMutablePointer<Double>, continues: Bool
    ) {
        let rows = UnsafePointer(rows)
        var cell = 0
        if continues {
            while cell < length {
                store(R.folded(load(target, cell), foldColumn(rows, count, offset &+ cell)), target, cell)
                cell &+= Self.width
            }
        } else {
            while cell < length {
                store(foldColumn(rows, count, offset &+ cell), target, cell)
                cell &+= Self.width
            }
        }
    }

    /// The cells of a row, and how far it is from piece to piece: where they are, or copies.
    @inline(__always)
    func readable(_ row: Elements) -> (cells: UnsafePointer<Element>, step: Int) {
        if canRead(row) { return (row.bound(to: Element.self), input.step) }
        copy(row, to: copied)
        return (UnsafePointer(copied), input.pitch)
    }

    @inline(__always)
    private func line(_ row: Int, _ slot: Int) -> UnsafeMutablePointer<Double> {
        kept + (slot &* kernel.keptRows &+ row % kernel.keptRows) &* kernel.linePitch
    }

    /// The terms of one row of all depths, to be kept.
    private func takeTerms(_ plane: Elements, _ sources: Range<Int>, _ row: Int) {
        for source in sources {
            let (cells, step) = readable(plane + (source &* windows.input.depth &+ row &* windows.input.row))
            let target = line(row, source &- sources.lowerBound)
            for piece in 0..<input.count {
                let (cells, target) = (cells + piece &* step, target + piece &* input.pitch)
                var position = 0
                while position < input.length {
                    store(reduction.terms(Element.lanes(cells + position)), target, position)
                    position &+= Self.width
                }
            }
        }
    }

    @inline(__always)
    private func load(_ line: UnsafePointer<Double>, _ position: Int) -> R.Terms {
        (Double.lanes(line + position), R.hasSecond ? Double.lanes(line + (position &+ pitch)) : .zero)
    }

    @inline(__always)
    private func store(_ terms: R.Terms, _ line: UnsafeMutablePointer<Double>, _ position: Int) {
        Double.store(terms.first, line + position)
        if R.hasSecond { Double.store(terms.second, line + (position &+ pitch)) }
    }

    /// Folds kept rows to one.
    private func foldRows(_ rows: Range<Int>, _ depths: Int) {
        var count = 0
        for slot in 0..<depths {
            for row in rows {
                list[count] = line(row, slot)
                count &+= 1
            }
        }
        let length = windows.columns.input &* kernel.cell
        Rows<PlainCells<R.First>>.fold(list, count, into: folded, count: length)
        guard R.hasSecond else { return }
        for index in 0..<count { list[index] += pitch }
        Rows<PlainCells<R.Second>>.fold(list, count, into: folded + pitch, count: length)
    }

    /// Folds the columns of each window of a row.
    @inline(__always)
    private func foldColumns(_ windows: [Range<Int>]) {
        foldColumns(R.First.self, folded, into: sums, windows, neutral: R.neutral.first)
        if R.hasSecond {
            foldColumns(R.Second.self, folded + pitch, into: sums + pitch, windows, neutral: R.neutral.second)
        }
    }

    @inline(__always)
    private func foldColumns<Fold: RowFold>(
        _ fold: Fold.Type, _ line: UnsafeMutablePointer<Double>, into sums: UnsafeMutablePointer<Double>,
        _ windows: [Range<Int>], neutral: Double
    ) where Fold.Row == Double {
        if let columns = kernel.columns {
            columns.fold(fold, line, into: sums, neutral: neutral)
        } else {
            Rows<PlainCells<Fold>>.fold(line, into: sums, windows: windows, cell: kernel.cell, neutral: neutral)
        }
    }
}
