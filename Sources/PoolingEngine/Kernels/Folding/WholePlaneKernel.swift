/// Folds each plane as one flat run of elements (global pooling, channels first).
///
/// As many planes as a vector has lanes are folded to one vector each, and these to one cell each, neighbour by
/// neighbour. A selected 0 is looked up again, because folding in lanes does not say which of -0 and +0
/// came first. Sums of n elements run in L lanes, four at a time, that are added pairwise: the error is at most
/// (n/(4·L) + log2 L + 6)·ε·Σ|x|.
struct WholePlaneKernel<Fold: RowFold>: RowFolding {
    typealias Row = Fold.Row

    let format: RowFormat<Row>
    let geometry: WindowGeometry
    let windows: RowWindows
    let divisor: RowDivisor?

    var name: String { "rows.whole_plane" }
    var units: WorkUnits { WorkUnits(count: geometry.planeCount, group: 1) }
    let scratchByteCount = 1 << 14

    @inline(__always)
    private var width: Int { Row.Vector.scalarCount }

    func forward(
        _ planes: Range<Int>, input: Elements, output: MutableElements, indices: UnsafeMutablePointer<Int64>?,
        _ cancellation: Cancellation?
    ) -> DataFault? {
        var pace = Pace(cancellation)
        var goesOn = true
        guard let scratch = WholePlaneScratch<Fold>(planeCount: format.isStored ? 0 : windows.planeCount)
        else { return .outOfMemory }
        let divisor = divisor?.divisor(depth: 0, row: 0, column: 0)
        geometry.forEachRun(in: planes, longest: width) { run in
            fold(input + run.input, run.count, scratch)
            if indices != nil || Fold.isSelection {
                select(input + run.input, run, scratch, indices.map { $0 + run.output })
            }
            if let divisor { Rows<PlainCells<Fold>>.divide(scratch.cells, by: divisor, count: run.count) }
            format.write(scratch.cells, run.count, output + run.output, geometry.lane.output)
            goesOn = pace.goesOn(after: run.count &* windows.planeCount)
            return goesOn
        }
        return goesOn ? nil : .stopped
    }

    /// Looks up the cells that folding in lanes may have mistaken, and their indices where these are asked for.
    private func select(
        _ first: Elements, _ run: WindowGeometry.PlaneRun, _ scratch: WholePlaneScratch<Fold>,
        _ indices: UnsafeMutablePointer<Int64>?
    ) {
        let lane = geometry.lane
        for plane in 0..<run.count where indices != nil || scratch.cells[plane] == .zero {
            let selected = cell(of: scratch.cells[plane], first + plane &* lane.input, scratch)
            scratch.cells[plane] = selected.cell
            let number = number(of: selected.number) &+ run.index &+ plane &* lane.index
            indices?[plane &* lane.output] = Int64(number)
        }
    }

    /// Calls `body` with pieces of a plane, until it returns false: the plane where it is, or converted pieces of at
    /// least a vector, where the plane has that many cells.
    @inline(__always)
    private func forEachPiece(
        _ plane: Elements, _ scratch: WholePlaneScratch<Fold>,
        _ body: (_ cells: UnsafePointer<Row>, _ first: Int, _ count: Int) -> Bool
    ) {
        let count = windows.planeCount
        guard !format.isStored else {
            _ = body(plane.bound(to: Row.self), 0, count)
            return
        }
        var first = 0
        while first < count {
            let rest = count &- first
            let length = rest < scratch.pieceLength &+ width ? rest : scratch.pieceLength
            format.read(plane + first, 1, length, scratch.piece)
            guard body(scratch.piece, first, length) else { return }
            first &+= length
        }
    }

    /// Folds each of some planes to one cell.
    private func fold(_ first: Elements, _ planes: Int, _ scratch: WholePlaneScratch<Fold>) {
        let count = windows.planeCount
        let cells = scratch.cells
        guard count >= width else {
            for plane in 0..<planes {
                forEachPiece(first + plane &* geometry.lane.input, scratch) { piece, _, count in
                    cells[plane] = foldCells(piece, count)
                    return true
                }
            }
            return
        }
        let spare = scratch.spare
        for lane in 0..<width { spare[lane] = Fold.divisor(Double(lane)) }
        let tail = count % width
        let isRepeated = Row.isLess(Row.load(spare), Row.Vector(repeating: Fold.divisor(Double(width &- tail))))
        if format.isStored {
            foldPlanes(first.bound(to: Row.self), planes, isRepeated, into: cells)
        } else {
            foldConverted(first, planes, isRepeated, scratch)
        }
        foldPairs(cells, planes)
    }

    /// Folds each plane to one vector.
    @inline(__always)
    private func foldPlanes(
        _ first: UnsafePointer<Row>, _ planes: Int, _ isRepeated: Row.Mask, into cells: UnsafeMutablePointer<Row>
    ) {
        let (count, step) = (windows.planeCount, geometry.lane.input)
        for plane in 0..<planes {
            Row.store(foldVectors(first + plane &* step, count, isRepeated), cells + plane &* width)
        }
    }

    @inline(never)
    private func foldConverted(
        _ first: Elements, _ planes: Int, _ isRepeated: Row.Mask, _ scratch: WholePlaneScratch<Fold>
    ) {
        for plane in 0..<planes {
            let target = scratch.cells + plane &* width
            forEachPiece(first + plane &* geometry.lane.input, scratch) { piece, start, count in
                let folded = foldVectors(piece, count, isRepeated)
                Row.store(start == 0 ? folded : Fold.fold(Row.load(target), folded), target)
                return true
            }
        }
    }

    /// Folds the vectors of planes to one cell each, neighbour by neighbour.
    @inline(__always)
    private func foldPairs(_ cells: UnsafeMutablePointer<Row>, _ planes: Int) {
        var half = (planes &* width &+ 1) / 2
        for _ in 0..<width.trailingZeroBitCount {
            Rows<PlainCells<Fold>>.forEachVector(half) { position in
                let (evens, odds) = Row.split(cells + 2 &* position)
                Row.store(Fold.fold(evens, odds), cells + position)
            }
            half = (half &+ 1) / 2
        }
    }

    /// Folds cells to one vector.
    ///
    /// - Parameter isRepeated: the lanes of a plane's last vector that the one before it has as well.
    @inline(__always)
    private func foldVectors(_ cells: UnsafePointer<Row>, _ count: Int, _ isRepeated: Row.Mask) -> Row.Vector {
        @inline(__always)
        func vector(_ position: Int) -> Row.Vector { Row.load(cells + position) }
        var folded = vector(0)
        var next = width
        // Four with each other before with those before, for which they then need not wait.
        while next &+ 4 &* width <= count {
            let two = Fold.fold(vector(next), vector(next &+ width))
            let others = Fold.fold(vector(next &+ 2 &* width), vector(next &+ 3 &* width))
            folded = Fold.fold(folded, Fold.fold(two, others))
            next &+= 4 &* width
        }
        while next &+ width <= count {
            folded = Fold.fold(folded, vector(next))
            next &+= width
        }
        guard next < count else { return folded }
        let last = vector(count &- width)
        let rest = Fold.isSelection ? last : Row.choose(isRepeated, last, Row.Vector(repeating: .zero))
        return Fold.fold(folded, rest)
    }

    /// Few cells, in four lanes.
    @inline(__always)
    private func foldCells(_ cells: UnsafePointer<Row>, _ count: Int) -> Row {
        guard count >= 8 else {
            var folded = cells[0]
            for cell in 1..<max(count, 1) { folded = Fold.fold(folded, cells[cell]) }
            return folded
        }
        var lanes = (cells[0], cells[1], cells[2], cells[3])
        var next = 4
        while next &+ 4 <= count {
            lanes.0 = Fold.fold(lanes.0, cells[next])
            lanes.1 = Fold.fold(lanes.1, cells[next &+ 1])
            lanes.2 = Fold.fold(lanes.2, cells[next &+ 2])
            lanes.3 = Fold.fold(lanes.3, cells[next &+ 3])
            next &+= 4
        }
        var folded = Fold.fold(Fold.fold(lanes.0, lanes.1), Fold.fold(lanes.2, lanes.3))
        for cell in next..<max(count, next) { folded = Fold.fold(folded, cells[cell]) }
        return folded
    }

    /// The cell that the op names: the first that no other beats, or for a selected NaN the last NaN.
    private func cell(
        of folded: Row, _ plane: Elements, _ scratch: WholePlaneScratch<Fold>
    ) -> (number: Int, cell: Row) {
        let isUnordered = folded.isUnordered
        let isLast = Fold.takesLastUnordered(folded)
        var found: (number: Int, cell: Row)?
        forEachPiece(plane, scratch) { cells, start, count in
            let range = 0..<count
            let cell =
                isLast
                ? range.last { cells[$0].isUnordered }
                : isUnordered ? range.first { cells[$0].isUnordered } : range.first { cells[$0] == folded }
            if let cell { found = (start &+ cell, cells[cell]) }
            return isLast || found == nil
        }
        return found ?? (0, folded)
    }

    private func number(of position: Int) -> Int {
        let column = position % windows.columns.input
        let row = position / windows.columns.input % windows.rows.input
        let depth = position / (windows.columns.input * windows.rows.input)
        return column * windows.index.column + row * windows.index.row + depth * windows.index.depth
    }
}

/// The memory that one slice of a ``WholePlaneKernel`` works in.
struct WholePlaneScratch<Fold: RowFold> {
    private typealias Buffers = RowBuffers<PlainCells<Fold>>

    private let buffers: Buffers
    /// A vector for each of the planes that are folded side by side.
    let cells: UnsafeMutablePointer<Fold.Row>
    /// A vector more.
    let spare: UnsafeMutablePointer<Fold.Row>
    /// Converted elements of a plane, with room for a vector more than ``pieceLength``.
    let piece: UnsafeMutablePointer<Fold.Row>
    let pieceLength: Int

    private static var longestPiece: Int { 1024 }

    /// Nil where the system gives no memory.
    ///
    /// - Parameter planeCount: the elements of a plane that are converted.
    init?(planeCount: Int) {
        let width = Fold.Row.Vector.scalarCount
        pieceLength = min(planeCount, Self.longestPiece)
        guard let buffers = Buffers(Buffers.Lengths(parts: [width * width, width, pieceLength], lineCount: 0))
        else { return nil }
        self.buffers = buffers
        (cells, spare, piece) = (buffers.cells(of: 0), buffers.cells(of: 1), buffers.cells(of: 2))
    }
}
