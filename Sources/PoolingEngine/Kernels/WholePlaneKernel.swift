/// Folds each plane as one flat run of elements (global pooling, channels first).
///
/// As many planes as a vector has lanes are folded to one vector each, and these to one cell each, neighbour by
/// neighbour. A choice whose value is 0 is looked up again, because folding in lanes does not say which of -0 and +0
/// came first. Sums of n elements run in L lanes, two vectors of them, that are added pairwise: the error is at most
/// (n/L + log2 L + 1)·ε·Σ|x|.
struct WholePlaneKernel<Format: RowFormat, Fold: RowFold>: ForwardKernel where Fold.Row == Format.Row {
    typealias Stored = Format.Stored
    typealias Row = Format.Row

    let geometry: WindowGeometry
    let windows: RowWindows
    let divisor: RowDivisor?

    var name: String { "rows.whole_plane" }
    var planeGroup: Int { 1 }

    @inline(__always)
    private var width: Int { Row.Vector.scalarCount }

    func forward(
        _ planes: Range<Int>, input: UnsafePointer<Stored>, output: UnsafeMutablePointer<Stored>,
        indices: UnsafeMutablePointer<Int64>?
    ) -> DataFault? {
        let cells = UnsafeMutablePointer<Row>.allocate(capacity: (width + 1) * width)
        cells.update(repeating: .zero, count: (width + 1) * width)
        defer { cells.deallocate() }
        let lane = geometry.lane
        let divisor = divisor?.divisor(depth: 0, row: 0, column: 0)
        geometry.forEachRun(in: planes, longest: width) { run in
            fold(input + run.input, run.count, into: cells)
            for plane in 0..<run.count {
                let source = input + (run.input &+ plane &* lane.input)
                let place = run.output &+ plane &* lane.output
                var folded = cells[plane]
                if let indices {
                    let cell = self.place(of: folded, source)
                    folded = Format.row(source[cell])
                    indices[place] = Int64(number(of: cell) &+ run.index &+ plane &* lane.index)
                } else if Fold.isChoice, folded == .zero {
                    folded = Format.row(source[self.place(of: folded, source)])
                }
                output[place] = Format.stored(divisor.map { Fold.divided(folded, by: $0) } ?? folded)
            }
        }
        return nil
    }

    /// Folds each of some planes to one cell.
    @inline(__always)
    private func fold(_ first: UnsafePointer<Stored>, _ planes: Int, into cells: UnsafeMutablePointer<Row>) {
        let (count, step) = (windows.planeCount, geometry.lane.input)
        guard count >= width else {
            for plane in 0..<planes { cells[plane] = foldCells(first + plane &* step, count) }
            return
        }
        let spare = cells + width &* width
        for lane in 0..<width { spare[lane] = Fold.divisor(Double(lane)) }
        let tail = count % width
        let isRepeated = Row.isLess(Row.load(spare), Row.Vector(repeating: Fold.divisor(Double(width &- tail))))
        for plane in 0..<planes {
            Row.store(foldVectors(first + plane &* step, count, isRepeated, spare), cells + plane &* width)
        }
        var half = (planes &* width &+ 1) / 2
        for _ in 0..<width.trailingZeroBitCount {
            Rows<PlainCells<Fold>>.forEachVector(half) { position in
                let (evens, odds) = Row.split(cells + 2 &* position)
                Row.store(Fold.fold(evens, odds), cells + position)
            }
            half = (half &+ 1) / 2
        }
    }
    /// Folds a plane to one vector.
    ///
    /// - Parameters:
    ///   - isRepeated: the lanes of the plane's last vector that the one before it has as well.
    ///   - spare: room for a vector.
    @inline(__always)
    private func foldVectors(
        _ plane: UnsafePointer<Stored>, _ count: Int, _ isRepeated: Row.Mask, _ spare: UnsafeMutablePointer<Row>
    ) -> Row.Vector {
        @inline(__always)
        func vector(_ position: Int) -> Row.Vector {
            guard !Format.isStored else {
                return UnsafeRawPointer(plane + position).loadUnaligned(as: Row.Vector.self)
            }
            for lane in 0..<width { spare[lane] = Format.row(plane[position &+ lane]) }
            return Row.load(spare)
        }
        var folded = vector(0)
        var next = width
        if count >= 4 &* width {
            // Two at a time, so that one fold need not wait for the other.
            var other = vector(width)
            next = 2 &* width
            while next &+ 2 &* width <= count {
                folded = Fold.fold(folded, vector(next))
                other = Fold.fold(other, vector(next &+ width))
                next &+= 2 &* width
            }
            folded = Fold.fold(folded, other)
        }
        while next &+ width <= count {
            folded = Fold.fold(folded, vector(next))
            next &+= width
        }
        guard next < count else { return folded }
        let last = vector(count &- width)
        let rest = Fold.isChoice ? last : Row.choose(isRepeated, last, Row.Vector(repeating: .zero))
        return Fold.fold(folded, rest)
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
    private func place(of folded: Row, _ plane: UnsafePointer<Stored>) -> Int {
        let count = windows.planeCount
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
