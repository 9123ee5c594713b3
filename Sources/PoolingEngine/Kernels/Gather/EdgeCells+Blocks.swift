import RecycledMemory

extension EdgeCells {
    /// Listed windows at one position along the axes that are not listed, in a run of planes.
    struct Block {
        fileprivate let list: List
        fileprivate let outer: Cell
        fileprivate let lane: PlaneLevel
        let run: WindowGeometry.PlaneRun
        /// Whether every window takes an element.
        let isFull: Bool

        /// Fewer windows than this are visited in all planes before the next.
        private static let fewestInRow = 8

        /// Calls `body` with the cell of each window, its offsets counted from the first elements of the tensors.
        @inline(__always)
        func forEach(_ body: (_ input: Int, _ output: Int, _ number: Int) -> Void) {
            if isFull { forEach(isFull: true, body) } else { forEach(isFull: false, body) }
        }

        @inline(__always)
        private func forEach(isFull: Bool, _ body: (_ input: Int, _ output: Int, _ number: Int) -> Void) {
            if lane.input == 1 || (list.count < Self.fewestInRow && run.count > list.count) {
                for window in 0..<list.count {
                    forEachPlane(outer.joined(list[window]), isFull, body)
                }
                return
            }
            for plane in 0..<run.count {
                let first = Cell(
                    input: run.input &+ plane &* lane.input, output: run.output &+ plane &* lane.output &+ outer.output,
                    number: run.index &+ plane &* lane.index &+ outer.number)
                if list.isRow, isFull {
                    let (input, output) = (first.input &+ outer.input, first.output &+ list.outputs[0])
                    for window in 0..<list.count {
                        body(input &+ list.inputs[window], output &+ window, first.number &+ list.numbers[window])
                    }
                    continue
                }
                for window in 0..<list.count {
                    let cell = Cell(input: outer.input).joined(list[window])
                    body(
                        isFull || cell.input >= 0 ? first.input &+ cell.input : cell.input,
                        first.output &+ cell.output, first.number &+ cell.number)
                }
            }
        }

        @inline(__always)
        private func forEachPlane(
            _ cell: Cell, _ isFull: Bool, _ body: (_ input: Int, _ output: Int, _ number: Int) -> Void
        ) {
            let (output, number) = (run.output &+ cell.output, run.index &+ cell.number)
            if !isFull, cell.input < 0 {
                for plane in 0..<run.count {
                    body(cell.input, output &+ plane &* lane.output, number)
                }
                return
            }
            let input = run.input &+ cell.input
            if lane.input == 1, lane.output == 1 {
                for plane in 0..<run.count {
                    body(input &+ plane, output &+ plane, number &+ plane &* lane.index)
                }
                return
            }
            for plane in 0..<run.count {
                body(
                    input &+ plane &* lane.input, output &+ plane &* lane.output, number &+ plane &* lane.index)
            }
        }
    }

    /// The cells of windows that follow each other.
    fileprivate final class List {
        let inputs: UnsafeMutablePointer<Int>
        let outputs: UnsafeMutablePointer<Int>
        let numbers: UnsafeMutablePointer<Int>
        fileprivate(set) var count = 0
        /// Whether every window takes an element.
        fileprivate(set) var isFull = true
        /// Whether values follow each other.
        fileprivate(set) var isRow = true
        fileprivate var piece: Range<Int>?
        private let block: ScratchMemory

        /// Nil where the system gives no memory.
        init?(capacity: Int) {
            let byteCount = EdgeCells.scratchByteCount(windows: capacity)
            guard let block = ScratchMemory(byteCount: byteCount) else { return nil }
            self.block = block
            inputs = block.start.assumingMemoryBound(to: Int.self)
            outputs = inputs + capacity
            numbers = outputs + capacity
        }

        @inline(__always)
        subscript(window: Int) -> Cell {
            get { Cell(input: inputs[window], output: outputs[window], number: numbers[window]) }
            set {
                (inputs[window], outputs[window]) = (newValue.input, newValue.output)
                numbers[window] = newValue.number
            }
        }

        /// Each window so far becomes one for every output in `range` of an axis before.
        ///
        /// Filled from the back, so that windows are read before they are overwritten.
        @inline(__always)
        func spread(_ range: Range<Int>, _ cell: (_ output: Int) -> Cell) {
            let start = cell(range.lowerBound).output
            for index in (0..<range.count).reversed() {
                let (outer, first) = (cell(range.lowerBound &+ index), index &* count)
                isFull = isFull && outer.input >= 0
                isRow = isRow && outer.output &- start == first
                for window in 0..<count { self[first &+ window] = outer.joined(self[window]) }
            }
            count &*= range.count
        }
    }

    /// Calls `body` with all windows of the planes in `planes`.
    ///
    /// - Parameter start: is called with each run of planes before their windows.
    /// - Returns: the fault that kept it from the end.
    @inline(__always)
    func forEachBlock(
        _ planes: Range<Int>, _ cancellation: Cancellation?, start: (WindowGeometry.PlaneRun) -> Void = { _ in },
        _ body: (Block) -> Void
    ) -> DataFault? {
        guard let list = List(capacity: capacity) else { return .outOfMemory }
        var pace = Pace(cancellation)
        let outputs = axes.isEmpty ? 1 : geometry.axes[axes.count - 1].output
        var goesOn = true
        geometry.forEachRun(in: planes, longest: planesTogether) { run in
            start(run)
            var first = 0
            while first < outputs {
                let piece = first..<min(first &+ longestPiece, outputs)
                if list.piece != piece { fill(list, piece) }
                goesOn = forEachPosition { outer in
                    body(
                        Block(
                            list: list, outer: outer, lane: geometry.lane, run: run,
                            isFull: list.isFull && outer.input >= 0))
                    return pace.goesOn(after: list.count &* run.count)
                }
                guard goesOn else { return false }
                first = piece.upperBound
            }
            return true
        }
        return goesOn ? nil : .stopped
    }

    /// As many planes as the cache holds.
    private var planesTogether: Int {
        let elements = geometry.axes.reduce(1) { $0.multipliedSaturating(by: $1.input) }
        return geometry.lane.input == 1 ? Self.longestList : max(Self.elementsTogether / max(elements, 1), 1)
    }

    private static let elementsTogether = 1 << 16

    private func fill(_ list: List, _ piece: Range<Int>) {
        (list.piece, list.count, list.isFull, list.isRow) = (piece, 1, true, true)
        list[0] = Cell()
        for (axis, cells) in axes.enumerated().reversed() where axis >= firstListed {
            list.spread(axis == axes.count - 1 ? piece : 0..<geometry.axes[axis].output, cells.cell)
        }
    }

    /// Calls `body` with each position along the axes that are not listed, until it returns false.
    @inline(__always)
    private func forEachPosition(_ body: (Cell) -> Bool) -> Bool {
        let outer = axes[..<firstListed]
        var position = [Int](repeating: 0, count: outer.count)
        let count = outer.indices.reduce(1) { $0 &* geometry.axes[$1].output }
        for _ in 0..<count {
            var cell = Cell()
            for axis in outer.indices { cell = cell.joined(axes[axis].cell(position[axis])) }
            guard body(cell) else { return false }
            for axis in outer.indices.reversed() {
                position[axis] &+= 1
                if position[axis] < geometry.axes[axis].output { break }
                position[axis] = 0
            }
        }
        return true
    }
}
