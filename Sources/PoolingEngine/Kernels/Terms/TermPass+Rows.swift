import RecycledMemory

/// Rows of cells become a row of folded terms.
extension TermPass {
    /// The rows of cells of a row of windows, depth by depth.
    struct Lines {
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
    func canRead(_ row: Elements) -> Bool {
        let last = row + (input.count &- 1) &* input.step
        return kernel.format.isStored && input.stride == 1
            && last.has(R.Row.rounded(input.length), before: end)
    }

    func copy(_ row: Elements, to cells: UnsafeMutablePointer<Element>) {
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
    func foldWindows(_ windows: [Range<Int>], of lines: Lines, _ lanes: Int) {
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
                lane &+= R.Row.width
            }
        }
    }

    /// The folded terms of cells at the same offset of `count` rows.
    @inline(__always)
    private func foldColumn(
        _ rows: UnsafePointer<UnsafePointer<Element>>, _ count: Int, _ offset: Int
    ) -> R.Terms {
        fold(rows, 1..<count, offset, onto: reduction.terms(R.Row.cells(rows[0] + offset)))
    }

    /// Folds the terms of cells at the same offset of further rows, one after the other.
    @inline(__always)
    private func fold(
        _ rows: UnsafePointer<UnsafePointer<Element>>, _ range: Range<Int>, _ offset: Int, onto first: R.Terms
    ) -> R.Terms {
        var folded = first
        var row = range.lowerBound
        while row < range.upperBound {
            folded = R.folded(folded, reduction.terms(R.Row.cells(rows[row] + offset)))
            row &+= 1
        }
        return folded
    }

    /// Folds the rows of a row of windows to one, a few of them at a time.
    func foldCells(of lines: Lines, _ pace: inout Pace) -> Bool {
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
    func foldCells(
        _ count: Int, _ offset: Int, _ length: Int, to target: UnsafeMutablePointer<R.Row>, continues: Bool
    ) {
        let rows = UnsafePointer(rows)
        var cell = 0
        if continues {
            while cell < length {
                let before = load(target, cell)
                // Products of a few rows are normal numbers more often than those of all rows so far, which take longer. In
                // single precision the order shows, and is that of rows that are kept.
                let folded =
                    R.Row.isShort
                    ? fold(rows, 0..<count, offset &+ cell, onto: before)
                    : R.folded(before, foldColumn(rows, count, offset &+ cell))
                store(folded, target, cell)
                cell &+= R.Row.width
            }
        } else {
            while cell < length {
                store(foldColumn(rows, count, offset &+ cell), target, cell)
                cell &+= R.Row.width
            }
        }
    }

    @inline(__always)
    private func line(_ row: Int, _ slot: Int) -> UnsafeMutablePointer<R.Row> {
        kept + (slot &* kernel.keptRows &+ row % kernel.keptRows) &* kernel.linePitch
    }

    /// The terms of one row of all depths, to be kept.
    func takeTerms(_ plane: Elements, _ sources: Range<Int>, _ row: Int) {
        for source in sources {
            let (cells, step) = readable(plane + (source &* windows.input.depth &+ row &* windows.input.row))
            let target = line(row, source &- sources.lowerBound)
            for piece in 0..<input.count {
                let (cells, target) = (cells + piece &* step, target + piece &* input.pitch)
                var position = 0
                while position < input.length {
                    store(reduction.terms(R.Row.cells(cells + position)), target, position)
                    position &+= R.Row.width
                }
            }
        }
    }

    @inline(__always)
    func load(_ line: UnsafePointer<R.Row>, _ position: Int) -> R.Terms {
        (R.Row.load(line + position), R.hasSecond ? R.Row.load(line + (position &+ pitch)) : R.Row.Vector())
    }

    @inline(__always)
    private func store(_ terms: R.Terms, _ line: UnsafeMutablePointer<R.Row>, _ position: Int) {
        R.Row.store(terms.first, line + position)
        if R.hasSecond { R.Row.store(terms.second, line + (position &+ pitch)) }
    }

    /// Folds kept rows to one.
    func foldRows(_ rows: Range<Int>, _ depths: Int) {
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
    func foldColumns(_ windows: [Range<Int>]) {
        foldColumns(R.First.self, folded, into: sums, windows, neutral: R.neutral.first)
        if R.hasSecond {
            foldColumns(R.Second.self, folded + pitch, into: sums + pitch, windows, neutral: R.neutral.second)
        }
    }

    @inline(__always)
    func foldColumns<Fold: RowFold>(
        _ fold: Fold.Type, _ line: UnsafeMutablePointer<R.Row>, into sums: UnsafeMutablePointer<R.Row>,
        _ windows: [Range<Int>], neutral: R.Row
    ) where Fold.Row == R.Row {
        if let columns = kernel.columns {
            columns.fold(fold, line, into: sums, neutral: neutral)
        } else {
            Rows<PlainCells<Fold>>.fold(line, into: sums, windows: windows, cell: kernel.cell, neutral: neutral)
        }
    }
}
