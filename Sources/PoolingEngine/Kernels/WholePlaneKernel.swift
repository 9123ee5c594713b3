/// Folds each plane as one flat run of elements (global pooling, channels first).
///
/// A choice whose value is 0 is looked up again, because folding in lanes does not say which of -0 and +0 came first.
/// Sums of n elements run in L lanes, two vectors of them, that are added pairwise: the error is at most
/// (n/L + log2 L + L/8)·ε·Σ|x|.
struct WholePlaneKernel<Format: RowFormat, Fold: RowFold>: ForwardKernel where Fold.Row == Format.Row {
    typealias Stored = Format.Stored
    typealias Row = Format.Row

    let geometry: WindowGeometry
    let windows: RowWindows
    let divisor: RowDivisor?

    var name: String { "rows.whole_plane" }
    var planeGroup: Int { 1 }

    func forward(
        _ planes: Range<Int>, input: UnsafePointer<Stored>, output: UnsafeMutablePointer<Stored>,
        indices: UnsafeMutablePointer<Int64>?
    ) -> DataFault? {
        let lanes = UnsafeMutablePointer<Row>.allocate(capacity: 2 * Row.Vector.scalarCount)
        defer { lanes.deallocate() }
        let count = windows.planeCount
        geometry.forEachRun(in: planes, longest: 1) { run in
            let plane = input + run.input
            var folded = fold(plane, count, lanes)
            if let indices {
                let place = self.place(of: folded, plane, count)
                folded = Format.row(plane[place])
                indices[run.output] = Int64(number(of: place) &+ run.index)
            } else if Fold.isChoice, folded == .zero {
                folded = Format.row(plane[self.place(of: folded, plane, count)])
            }
            if let divisor { folded = Fold.divided(folded, by: divisor.divisor(depth: 0, row: 0, column: 0)) }
            output[run.output] = Format.stored(folded)
        }
        return nil
    }

    @inline(__always)
    private func fold(
        _ plane: UnsafePointer<Stored>, _ count: Int, _ lanes: UnsafeMutablePointer<Row>
    ) -> Row {
        let width = Row.Vector.scalarCount
        guard count >= 2 * width else { return foldCells(plane, count) }
        @inline(__always)
        func vector(_ position: Int) -> Row.Vector {
            guard !Format.isStored else {
                return UnsafeRawPointer(plane + position).loadUnaligned(as: Row.Vector.self)
            }
            let widened = lanes + width
            for lane in 0..<width { widened[lane] = Format.row(plane[position &+ lane]) }
            return Row.load(widened)
        }
        // Two at a time, so that one fold need not wait for the other.
        var (first, second) = (vector(0), vector(width))
        var next = 2 &* width
        while next &+ 2 &* width <= count {
            first = Fold.fold(first, vector(next))
            second = Fold.fold(second, vector(next &+ width))
            next &+= 2 &* width
        }
        if next &+ width <= count {
            first = Fold.fold(first, vector(next))
            next &+= width
        }
        Row.store(Fold.fold(first, second), lanes)
        var half = width / 2
        while half > 0 {
            for lane in 0..<half { lanes[lane] = Fold.fold(lanes[lane], lanes[lane &+ half]) }
            half /= 2
        }
        return next < count ? Fold.fold(lanes[0], foldCells(plane + next, count &- next)) : lanes[0]
    }

    /// Few cells, in four lanes.
    @inline(__always)
    private func foldCells(_ cells: UnsafePointer<Stored>, _ count: Int) -> Row {
        guard count >= 8 else {
            var folded = Format.row(cells[0])
            for cell in 1..<max(count, 1) { folded = Fold.fold(folded, Format.row(cells[cell])) }
            return folded
        }
        var lanes = (Format.row(cells[0]), Format.row(cells[1]), Format.row(cells[2]), Format.row(cells[3]))
        var next = 4
        while next &+ 4 <= count {
            lanes.0 = Fold.fold(lanes.0, Format.row(cells[next]))
            lanes.1 = Fold.fold(lanes.1, Format.row(cells[next &+ 1]))
            lanes.2 = Fold.fold(lanes.2, Format.row(cells[next &+ 2]))
            lanes.3 = Fold.fold(lanes.3, Format.row(cells[next &+ 3]))
            next &+= 4
        }
        var folded = Fold.fold(Fold.fold(lanes.0, lanes.1), Fold.fold(lanes.2, lanes.3))
        for cell in next..<max(count, next) { folded = Fold.fold(folded, Format.row(cells[cell])) }
        return folded
    }

    /// The place that the op names: the first cell that no other beats, or for a winning NaN the last NaN.
    private func place(of folded: Row, _ plane: UnsafePointer<Stored>, _ count: Int) -> Int {
        guard !folded.isUnordered else {
            // Under `propagate` a later NaN replaces an earlier one; under `ignore` all are NaN and the first stays.
            guard Fold.fold(.zero, folded).isUnordered else { return 0 }
            return (0..<count).reversed().first { Format.row(plane[$0]).isUnordered } ?? 0
        }
        return (0..<count).first { Format.row(plane[$0]) == folded } ?? 0
    }

    private func number(of place: Int) -> Int {
        let column = place % windows.columns.input
        let row = place / windows.columns.input % windows.rows.input
        let depth = place / (windows.columns.input * windows.rows.input)
        return column * windows.index.column + row * windows.index.row + depth * windows.index.depth
    }
}
