import CPrefetch

/// Rows become rows of windows.
extension PlanarPass {
    /// Copies rows with their padding.
    func pad(_ rows: Elements, _ rowCount: Int, into target: UnsafeMutablePointer<Row>) {
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
    func fillTables(rowCount: Int) {
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
    func foldRows(_ rows: Line, _ lines: Range<Int>, to target: PlanarTarget, room: Int) {
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
