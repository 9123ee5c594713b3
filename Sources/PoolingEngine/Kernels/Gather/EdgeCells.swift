import RecycledMemory

/// The first or the last cell of each window: along each axis a position of its own, whatever those along the others.
struct EdgeCells: Sendable {
    let geometry: WindowGeometry
    let axes: [Axis]
    /// The axes from this one on, whose windows are listed together.
    let firstListed: Int
    /// Outputs along the last axis that are listed at once.
    let longestPiece: Int
    /// Windows of the longest list.
    let capacity: Int

    /// Lists are read again and again from the nearest caches.
    static let longestList = 4096

    /// Nil for ops that read other cells too, and where some cells take no part.
    init?(_ geometry: WindowGeometry, _ reads: CellAccess) {
        guard case .edge(let isLast) = reads, !geometry.isSelective, geometry.laneStarts == nil else { return nil }
        self.geometry = geometry
        axes = geometry.axes.indices.map { Axis(geometry, $0, isLast: isLast) }
        longestPiece = min(geometry.axes.last?.output ?? 1, Self.longestList)
        var (first, listed) = (max(geometry.axes.count - 1, 0), longestPiece)
        // A list of more pays where many planes read it, or cells that are near each other.
        let isNear = geometry.planeCount > 1 || geometry.inputStrides.last == 1
        while first > 0, isNear,
            geometry.axes[first - 1].output.multipliedSaturating(by: listed) <= Self.longestList
        {
            first -= 1
            listed *= geometry.axes[first].output
        }
        (firstListed, capacity) = (first, max(listed, 1))
    }

    var scratchByteCount: Int { Self.scratchByteCount(windows: capacity) }

    /// Bytes of the lists of a plane with so many windows.
    static func scratchByteCount(windows: Int) -> Int {
        3 * max(min(windows, longestList), 1) * MemoryLayout<Int>.stride
    }

    /// Where a window reads, where its value goes, and the number of what it reads.
    struct Cell {
        /// From the plane's first element; negative where the window takes no element, see ``joined(_:)``.
        var input = 0
        var output = 0
        var number = 0

        /// In place of an element: a window without cells.
        static let none = Int.min

        /// The cell at the position of this one and of `other`, which is along later axes.
        ///
        /// A window without cells along one axis has none at all; of axes that both pad, the later one has its way.
        @inline(__always)
        func joined(_ other: Cell) -> Cell {
            Cell(
                input: input | other.input < 0 ? min(input, other.input) : input &+ other.input,
                output: output &+ other.output, number: number &+ other.number)
        }
    }

    /// The cells along one axis.
    struct Axis: Sendable {
        private let positions: Positions
        /// Outputs whose cells are evenly spaced.
        private let even: Range<Int>
        private let firstEven: Cell

        init(_ geometry: WindowGeometry, _ axis: Int, isLast: Bool) {
            let (positions, taps) = (Positions(geometry, axis, isLast: isLast), geometry.axes[axis])
            even = if case .strided = taps.pattern { taps.wholeOutputs ?? 0..<0 } else { 0..<0 }
            firstEven = even.isEmpty ? Cell() : positions.cell(even.lowerBound)
            self.positions = positions
        }

        @inline(__always)
        func cell(_ output: Int) -> Cell {
            guard even.contains(output) else { return positions.cell(output) }
            let further = output &- even.lowerBound
            let sources = further &* positions.taps.stride
            let (source, step) = (positions.source, positions.step)
            return Cell(
                input: firstEven.input &+ sources &* source.input &+ further &* step.input,
                output: firstEven.output &+ further &* step.output,
                number: firstEven.number &+ sources &* source.number &+ further &* step.number)
        }
    }

    /// Where the windows along one axis read and write.
    ///
    /// A class, because copies of its taps would take longer than finding a cell.
    private final class Positions: Sendable {
        let taps: AxisTaps
        private let number: Int
        private let isLast: Bool
        /// From source to source, and from output to output.
        let source: Cell
        let step: Cell
        /// From cell to cell of the kernel, where these are numbered.
        private let kernelStep: Int

        init(_ geometry: WindowGeometry, _ axis: Int, isLast: Bool) {
            taps = geometry.axes[axis]
            (number, self.isLast) = (axis, isLast)
            let bin = geometry.binStrides.isEmpty ? 0 : geometry.binStrides[axis]
            let binIndex = geometry.binStrides.isEmpty ? 0 : geometry.binIndexStrides[axis]
            let numbersKernel = geometry.indexing.base == .window
            source = Cell(input: geometry.inputStrides[axis], number: numbersKernel ? 0 : geometry.indexStrides[axis])
            step = Cell(input: bin, output: geometry.outputStrides[axis], number: binIndex)
            kernelStep = numbersKernel ? geometry.axes.map(\.kernel).rowMajorStrides[axis] : 0
        }

        func cell(_ output: Int) -> Cell {
            let offset = (taps.groups?.lists.key(ofGroup: output) ?? output) &* step.output
            let run = taps.run(at: output)
            let count = run?.count ?? taps.declaredCount(at: output)
            guard count > 0 else { return Cell(input: Cell.none, output: offset) }
            let last = isLast ? count &- 1 : 0
            let (position, tap) =
                run.map { ($0.firstSource &+ last &* $0.step, $0.firstTap &+ last) }
                ?? taps.source(at: output, tap: last)
            guard position != AxisTaps.paddingCell else {
                return Cell(input: WindowReader.paddingCell(number), output: offset)
            }
            return Cell(
                input: position &* source.input &+ output &* step.input, output: offset,
                number: position &* source.number &+ output &* step.number &+ tap &* kernelStep)
        }
    }
}
