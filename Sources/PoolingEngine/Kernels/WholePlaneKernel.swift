/// Folds each plane as one flat run of elements (global pooling, channels first).
///
/// A choice whose value is 0 is looked up again, because folding in lanes does not say which of -0 and +0 came first.
/// Sums run in 32 lanes that are added pairwise: for n elements the error is at most (n/32 + 5)·ε·Σ|x|.
struct WholePlaneKernel<Format: RowFormat, Fold: RowFold>: ForwardKernel where Fold.Row == Format.Row {
    typealias Stored = Format.Stored
    typealias Row = Format.Row

    let geometry: WindowGeometry
    let windows: RowWindows
    let divisor: RowDivisor?

    var name: String { "rows.whole_plane" }
    var planeGroup: Int { 1 }

    /// Enough lanes to fill the widest vectors and hide the latency of folding.
    private static var laneCount: Int { 32 }

    func forward(
        _ planes: Range<Int>, input: UnsafePointer<Stored>, output: UnsafeMutablePointer<Stored>,
        indices: UnsafeMutablePointer<Int64>?
    ) -> DataFault? {
        let lanes = UnsafeMutablePointer<Row>.allocate(capacity: Self.laneCount)
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
        let width = Self.laneCount
        var next = min(width, count)
        for lane in 0..<next { lanes[lane] = Format.row(plane[lane]) }
        while next &+ width <= count {
            let cells = plane + next
            for lane in 0..<width { lanes[lane] = Fold.fold(lanes[lane], Format.row(cells[lane])) }
            next &+= width
        }
        for lane in 0..<count &- next { lanes[lane] = Fold.fold(lanes[lane], Format.row(plane[next &+ lane])) }
        var half = width / 2
        guard count >= width else {
            var folded = lanes[0]
            for lane in 1..<max(count, 1) { folded = Fold.fold(folded, lanes[lane]) }
            return folded
        }
        while half > 0 {
            for lane in 0..<half { lanes[lane] = Fold.fold(lanes[lane], lanes[lane &+ half]) }
            half /= 2
        }
        return lanes[0]
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
