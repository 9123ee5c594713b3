/// Folds windows for many planes at once where the same place of neighbouring planes stands side by side (channels
/// last): every loop runs over planes.
///
/// Each input row is folded along its columns once, and the last few rows so folded are kept, so that windows which
/// overlap share the work.
struct InterleavedKernel<Stored: RowElement, Fold: RowFold>: ForwardKernel where Fold.Row == Stored.Row {
    typealias Row = Stored.Row

    let geometry: WindowGeometry
    let windows: RowWindows
    let divisor: RowDivisor?

    var name: String { "rows.interleaved" }
    var planeGroup: Int { min(geometry.lane.count, Self.laneLimit) }

    /// Planes handled at once: few enough that the kept rows stay in the second-level cache.
    private static var laneLimit: Int { 256 }

    private var keptRows: Int { windows.rows.largestCount + 1 }

    func forward(
        _ planes: Range<Int>, input: UnsafePointer<Stored>, output: UnsafeMutablePointer<Stored>,
        indices: UnsafeMutablePointer<Int64>?
    ) -> DataFault? {
        let length = windows.columns.output * planeGroup
        let buffers = RowBuffers<Row>(count: InterleavedSlot.kept + keptRows, length: length, hasPlaces: indices != nil)
        geometry.forEachRun(in: planes, longest: planeGroup) { run in
            let pass = Pass(kernel: self, run: run, input: input + run.input, buffers: buffers)
            for depth in 0..<windows.depth.output {
                let place = run.output &+ depth &* windows.output.depth
                pass.slab(depth, output + place, indices.map { $0 + place })
            }
        }
        return nil
    }

    /// One run of planes.
    private struct Pass {
        let kernel: InterleavedKernel
        let run: WindowGeometry.PlaneRun
        let input: UnsafePointer<Stored>
        let buffers: RowBuffers<Row>

        private var windows: RowWindows { kernel.windows }
        private var lanes: Int { run.count }

        func slab(_ depth: Int, _ output: UnsafeMutablePointer<Stored>, _ indices: UnsafeMutablePointer<Int64>?) {
            let sources = windows.depth.windows[depth]
            for source in sources {
                var next = 0
                for row in 0..<windows.rows.output {
                    let needed = windows.rows.windows[row]
                    next = max(next, needed.lowerBound)
                    while next < needed.upperBound {
                        foldColumns(depth: source, row: next, hasPlaces: indices != nil)
                        next += 1
                    }
                    foldRows(needed, hasPlaces: indices != nil)
                    let place = row &* windows.output.row
                    store(
                        depth: depth, row: row, isFirst: source == sources.lowerBound,
                        isLast: source == sources.upperBound - 1, output + place, indices.map { $0 + place })
                }
            }
        }

        private func slot(_ row: Int) -> Int { InterleavedSlot.kept &+ row % kernel.keptRows }

        /// The windows of one input row.
        @inline(__always)
        private func foldColumns(depth: Int, row: Int, hasPlaces: Bool) {
            let source = input + (depth &* windows.input.depth &+ row &* windows.input.row)
            let step = kernel.geometry.lane.input
            let slot = slot(row)
            for (column, window) in windows.columns.windows.enumerated() {
                let target = buffers.row(slot) + column &* lanes
                load(source + window.lowerBound &* windows.input.column, step, target)
                if hasPlaces {
                    let base = depth &* windows.index.depth &+ row &* windows.index.row
                    let places = buffers.placesOfRow(slot) + column &* lanes
                    foldIndexedTaps(source, window, base, target, places)
                } else {
                    foldTaps(source, window, step, target)
                }
            }
        }

        @inline(__always)
        private func load(_ cells: UnsafePointer<Stored>, _ step: Int, _ target: UnsafeMutablePointer<Row>) {
            if step == 1 {
                for lane in 0..<lanes { target[lane] = cells[lane].row }
            } else {
                for lane in 0..<lanes { target[lane] = cells[lane &* step].row }
            }
        }

        @inline(__always)
        private func foldTaps(
            _ source: UnsafePointer<Stored>, _ window: Range<Int>, _ step: Int, _ target: UnsafeMutablePointer<Row>
        ) {
            for tap in window.lowerBound + 1..<max(window.upperBound, window.lowerBound + 1) {
                let cells = source + tap &* windows.input.column
                if step == 1 {
                    for lane in 0..<lanes { target[lane] = Fold.fold(target[lane], cells[lane].row) }
                } else {
                    for lane in 0..<lanes { target[lane] = Fold.fold(target[lane], cells[lane &* step].row) }
                }
            }
        }

        private func foldIndexedTaps(
            _ source: UnsafePointer<Stored>, _ window: Range<Int>, _ base: Int, _ target: UnsafeMutablePointer<Row>,
            _ places: UnsafeMutablePointer<Int32>
        ) {
            let step = kernel.geometry.lane.input
            let column = windows.index.column
            places.update(repeating: Int32(truncatingIfNeeded: base &+ window.lowerBound &* column), count: lanes)
            for tap in window.dropFirst() {
                let cells = source + tap &* windows.input.column
                let place = Int32(truncatingIfNeeded: base &+ tap &* column)
                for lane in 0..<lanes {
                    let cell = cells[lane &* step].row
                    let takes = Fold.prefersSecond(target[lane], cell)
                    target[lane] = takes ? cell : target[lane]
                    places[lane] = takes ? place : places[lane]
                }
            }
        }

        /// Folds kept rows from the first to the last.
        @inline(__always)
        private func foldRows(_ needed: Range<Int>, hasPlaces: Bool) {
            let count = windows.columns.output &* lanes
            let (result, first) = (buffers.row(InterleavedSlot.result), slot(needed.lowerBound))
            if hasPlaces {
                result.update(from: buffers.row(first), count: count)
                buffers.placesOfRow(InterleavedSlot.result).update(from: buffers.placesOfRow(first), count: count)
                for row in needed.dropFirst() {
                    IndexedRows<Fold>.fold(
                        buffers.row(slot(row)), buffers.placesOfRow(slot(row)), into: result,
                        buffers.placesOfRow(InterleavedSlot.result), count: count)
                }
                return
            }
            guard needed.count > 1 else {
                result.update(from: buffers.row(first), count: count)
                return
            }
            Rows<Fold>.fold(buffers.row(first), buffers.row(slot(needed.lowerBound + 1)), into: result, count: count)
            for row in needed.dropFirst(2) {
                Rows<Fold>.fold(result, buffers.row(slot(row)), into: result, count: count)
            }
        }

        /// Writes one row of answers, after folding in what earlier depths left there.
        @inline(__always)
        private func store(
            depth: Int, row: Int, isFirst: Bool, isLast: Bool, _ output: UnsafeMutablePointer<Stored>,
            _ indices: UnsafeMutablePointer<Int64>?
        ) {
            let step = kernel.geometry.lane.output
            for column in 0..<windows.columns.output {
                let target = output + column &* windows.output.column
                let cells = buffers.row(InterleavedSlot.result) + column &* lanes
                let places = buffers.placesOfRow(InterleavedSlot.result) + (indices == nil ? 0 : column &* lanes)
                if !isFirst { join(target, cells, indices.map { ($0 + column &* windows.output.column, places) }) }
                if isLast, let divisor = kernel.divisor {
                    let number = divisor.divisor(depth: depth, row: row, column: column)
                    for lane in 0..<lanes { cells[lane] = Fold.divided(cells[lane], by: number) }
                }
                if step == 1 {
                    for lane in 0..<lanes { target[lane] = Stored(folded: cells[lane]) }
                } else {
                    for lane in 0..<lanes { target[lane &* step] = Stored(folded: cells[lane]) }
                }
                if let indices { number(places, indices + column &* windows.output.column) }
            }
        }

        private func number(_ places: UnsafePointer<Int32>, _ indices: UnsafeMutablePointer<Int64>) {
            let step = kernel.geometry.lane
            for lane in 0..<lanes {
                indices[lane &* step.output] = Int64(places[lane]) &+ Int64(run.index &+ lane &* step.index)
            }
        }

        /// Folds what earlier depths left in the answer before this depth's cells.
        private func join(
            _ earlier: UnsafePointer<Stored>, _ cells: UnsafeMutablePointer<Row>,
            _ numbered: (indices: UnsafeMutablePointer<Int64>, places: UnsafeMutablePointer<Int32>)?
        ) {
            let step = kernel.geometry.lane
            for lane in 0..<lanes {
                let before = earlier[lane &* step.output].row
                if let numbered, !Fold.prefersSecond(before, cells[lane]) {
                    let number = numbered.indices[lane &* step.output] &- Int64(run.index &+ lane &* step.index)
                    numbered.places[lane] = Int32(truncatingIfNeeded: number)
                }
                cells[lane] = Fold.fold(before, cells[lane])
            }
        }
    }
}

/// Rows of ``RowBuffers``: one of answers, then the kept ones.
private enum InterleavedSlot {
    static let result = 0
    static let kept = 1
}
