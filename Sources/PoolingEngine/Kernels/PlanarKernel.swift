/// Folds windows row by row where the columns of a plane stand side by side (channels first).
///
/// Each input row is folded along its columns once, and the last few rows so folded are kept, so that windows which
/// overlap share the work. Folding along the row first and then from row to row is row-major order.
struct PlanarKernel<Stored: RowElement, Fold: RowFold>: ForwardKernel where Fold.Row == Stored.Row {
    typealias Row = Stored.Row

    let geometry: WindowGeometry
    let windows: RowWindows
    let divisor: RowDivisor?

    var name: String { "rows.planar" }
    var planeGroup: Int { 1 }

    private var columns: RowAxis { windows.columns }
    /// Room for a padded row, for a row of windows, and for phases of the stride.
    private var rowLength: Int {
        max(columns.span, columns.input) + columns.output + (columns.regular?.kernel ?? 1) + 16
    }
    private var phaseCount: Int { max(columns.regular?.stride ?? 1, 2) }
    private var keptRows: Int { windows.rows.largestCount + 1 }

    func forward(
        _ planes: Range<Int>, input: UnsafePointer<Stored>, output: UnsafeMutablePointer<Stored>,
        indices: UnsafeMutablePointer<Int64>?
    ) -> DataFault? {
        let buffers = RowBuffers<Row>(
            count: PlanarSlot.fixed + phaseCount + keptRows, length: rowLength, hasPlaces: indices != nil)
        geometry.forEachRun(in: planes, longest: 1) { run in
            for depth in 0..<windows.depth.output {
                let place = run.output &+ depth &* windows.output.depth
                if let indices {
                    indexedSlab(depth, input + run.input, run.index, output + place, indices + place, buffers)
                } else {
                    slab(depth, input + run.input, output + place, buffers)
                }
            }
        }
        return nil
    }

    /// One depth of windows: the windows of each depth of the input in turn, folded into the answer.
    private func slab(
        _ depth: Int, _ plane: UnsafePointer<Stored>, _ output: UnsafeMutablePointer<Stored>, _ buffers: RowBuffers<Row>
    ) {
        let sources = windows.depth.windows[depth]
        for source in sources {
            var next = 0
            let slice = plane + source &* windows.input.depth
            for row in 0..<windows.rows.output {
                let needed = windows.rows.windows[row]
                next = max(next, needed.lowerBound)
                while next < needed.upperBound {
                    foldColumns(slice + next &* windows.input.row, into: kept(next, buffers), buffers)
                    next += 1
                }
                let result = buffers.row(PlanarSlot.result)
                foldRows(needed, into: result, buffers)
                let target = output + row &* windows.output.row
                if source != sources.lowerBound { join(target, into: result) }
                if source == sources.upperBound - 1, let divisor {
                    divisor.divide(result, count: columns.output, depth: depth, row: row, Fold.self)
                }
                for i in 0..<columns.output { target[i] = Stored(folded: result[i]) }
            }
        }
    }

    /// Folds what earlier depths left in the answer before this depth's cells.
    @inline(__always)
    private func join(_ earlier: UnsafePointer<Stored>, into result: UnsafeMutablePointer<Row>) {
        for i in 0..<columns.output { result[i] = Fold.fold(earlier[i].row, result[i]) }
    }

    @inline(__always)
    private func kept(_ row: Int, _ buffers: RowBuffers<Row>) -> UnsafeMutablePointer<Row> {
        buffers.row(PlanarSlot.fixed &+ phaseCount &+ row % keptRows)
    }

    /// The windows of one input row.
    @inline(__always)
    private func foldColumns(
        _ source: UnsafePointer<Stored>, into target: UnsafeMutablePointer<Row>, _ buffers: RowBuffers<Row>
    ) {
        guard let regular = columns.regular else {
            let row = buffers.row(PlanarSlot.padded)
            for i in 0..<columns.input { row[i] = source[i].row }
            Rows<Fold>.slideUnevenly(row, columns.windows, into: target)
            return
        }
        let row = padded(source, regular, buffers)
        Rows<Fold>.slide(
            row, kernel: regular.kernel, stride: regular.stride, into: target, count: columns.output,
            phases: buffers.row(PlanarSlot.fixed))
    }

    /// The row as numbers to fold, with what stands for its padding.
    @inline(__always)
    private func padded(
        _ source: UnsafePointer<Stored>, _ regular: RowAxis.Regular, _ buffers: RowBuffers<Row>
    ) -> UnsafePointer<Row> {
        if columns.fits, Stored.self == Row.self {
            return UnsafeRawPointer(source).assumingMemoryBound(to: Row.self) - regular.before
        }
        let row = buffers.row(PlanarSlot.padded)
        let first = max(regular.before, 0)
        let skipped = max(-regular.before, 0)
        let count = min(columns.input - skipped, columns.span - first)
        for i in 0..<count { row[first &+ i] = source[skipped &+ i].row }
        // A choice may see a cell twice, so the edge cell is repeated; a sum sees zeros.
        let (before, after) = Fold.isChoice ? (row[first], row[first + count - 1]) : (Row.zero, Row.zero)
        for i in 0..<first { row[i] = before }
        for i in first + count..<max(columns.span, first + count) { row[i] = after }
        return UnsafePointer(row)
    }

    /// Folds kept rows from the first to the last.
    @inline(__always)
    private func foldRows(
        _ needed: Range<Int>, into target: UnsafeMutablePointer<Row>, _ buffers: RowBuffers<Row>
    ) {
        let first = kept(needed.lowerBound, buffers)
        switch needed.count {
        case 1: target.update(from: first, count: columns.output)
        case 2: Rows<Fold>.fold(first, kept(needed.lowerBound &+ 1, buffers), into: target, count: columns.output)
        default:
            Rows<Fold>.fold(
                first, kept(needed.lowerBound &+ 1, buffers), kept(needed.lowerBound &+ 2, buffers), into: target,
                count: columns.output)
            for row in needed.dropFirst(3) {
                Rows<Fold>.fold(target, kept(row, buffers), into: target, count: columns.output)
            }
        }
    }
}

extension PlanarKernel {
    /// As ``slab(_:_:_:_:)``, with the place of each chosen cell.
    private func indexedSlab(
        _ depth: Int, _ plane: UnsafePointer<Stored>, _ number: Int, _ output: UnsafeMutablePointer<Stored>,
        _ indices: UnsafeMutablePointer<Int64>, _ buffers: RowBuffers<Row>
    ) {
        let sources = windows.depth.windows[depth]
        let (result, places) = (buffers.row(PlanarSlot.result), buffers.placesOfRow(PlanarSlot.result))
        for source in sources {
            var next = 0
            for row in 0..<windows.rows.output {
                let needed = windows.rows.windows[row]
                next = max(next, needed.lowerBound)
                while next < needed.upperBound {
                    foldIndexedColumns(plane, depth: source, row: next, buffers)
                    next += 1
                }
                foldIndexedRows(needed, buffers)
                let place = row &* windows.output.row
                if source != sources.lowerBound { joinIndexed(output + place, indices + place, number, buffers) }
                for i in 0..<columns.output {
                    output[place &+ i] = Stored(folded: result[i])
                    indices[place &+ i] = Int64(places[i]) &+ Int64(number)
                }
            }
        }
    }

    private func foldIndexedColumns(
        _ plane: UnsafePointer<Stored>, depth: Int, row: Int, _ buffers: RowBuffers<Row>
    ) {
        let source = plane + (depth &* windows.input.depth &+ row &* windows.input.row)
        let slot = PlanarSlot.fixed + phaseCount + row % keptRows
        let base = Int32(depth &* windows.index.depth &+ row &* windows.index.row)
        let step = Int32(windows.index.column)
        let places = buffers.placesOfRow(PlanarSlot.padded)
        guard let regular = columns.regular else {
            let cells = buffers.row(PlanarSlot.padded)
            for i in 0..<columns.input {
                cells[i] = source[i].row
                places[i] = base &+ Int32(i) &* step
            }
            IndexedRows<Fold>.slideUnevenly(
                cells, places, columns.windows, into: buffers.row(slot), buffers.placesOfRow(slot))
            return
        }
        let cells = padded(source, regular, buffers)
        let last = Int32(columns.input - 1)
        for i in 0..<columns.span {
            // Padding repeats the edge cell, and so its place.
            let column = min(max(Int32(truncatingIfNeeded: i &- regular.before), 0), last)
            places[i] = base &+ column &* step
        }
        IndexedRows<Fold>.slide(
            cells, places, kernel: regular.kernel, stride: regular.stride, into: buffers.row(slot),
            buffers.placesOfRow(slot), count: columns.output)
    }

    private func foldIndexedRows(_ needed: Range<Int>, _ buffers: RowBuffers<Row>) {
        let first = PlanarSlot.fixed + phaseCount + needed.lowerBound % keptRows
        let (result, places) = (buffers.row(PlanarSlot.result), buffers.placesOfRow(PlanarSlot.result))
        result.update(from: buffers.row(first), count: columns.output)
        places.update(from: buffers.placesOfRow(first), count: columns.output)
        for row in needed.dropFirst() {
            let slot = PlanarSlot.fixed + phaseCount + row % keptRows
            IndexedRows<Fold>.fold(
                buffers.row(slot), buffers.placesOfRow(slot), into: result, places, count: columns.output)
        }
    }

    /// Folds what earlier depths left in the answer before this depth's cells.
    private func joinIndexed(
        _ earlier: UnsafePointer<Stored>, _ indices: UnsafePointer<Int64>, _ number: Int, _ buffers: RowBuffers<Row>
    ) {
        let (result, places) = (buffers.row(PlanarSlot.result), buffers.placesOfRow(PlanarSlot.result))
        for i in 0..<columns.output where !Fold.prefersSecond(earlier[i].row, result[i]) {
            result[i] = earlier[i].row
            places[i] = Int32(truncatingIfNeeded: indices[i] &- Int64(number))
        }
    }
}

/// Rows of ``RowBuffers`` by what they are for; phases of the stride and kept rows follow.
private enum PlanarSlot {
    static let padded = 0
    static let result = 1
    static let fixed = 2
}
