import CPrefetch

/// The columns of windows.
extension InterleavedPass {
    /// Cells that are read or folded for the windows of one input row, at most.
    var foldsPerRow: Int {
        let columns = windows.columns
        return max(columns.input, columns.output.multipliedSaturating(by: columns.largestCount))
            .multipliedSaturating(by: lanes)
    }

    /// The windows of one input row.
    ///
    /// Whole vectors of one window's lanes may run into the next window's, which is folded later.
    func foldColumns(_ row: Int, depth: Int, slot: Int) {
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
    func fold(_ window: Range<Int>, _ cells: UnsafePointer<Row>, _ step: Int, base: Int, into target: Line) {
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
    func foldWholeWindows(_ rows: Range<Int>, _ depths: Range<Int>, to target: InterleavedTarget) {
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
}
