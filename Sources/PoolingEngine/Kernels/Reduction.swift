/// How the values of a window become one value, and where its gradient goes.
///
/// A reduction knows no positions: it sees the cells of windows in row-major order. It handles all lanes of a tile in
/// one call, so that its inner loops run across windows and vectorise without changing the order of folding in any.
protocol Reduction: Sendable {
    associatedtype Element: PoolingElement

    /// Writes the value of each lane's window to `scratch.results`. `tile.tapCount` is at least 1.
    func reduce(_ tile: WindowTile<Element>, _ scratch: WindowScratch<Element>)

    /// Writes to each cell of `scratch.gradients` the derivative of its lane's value, times `scratch.incoming`.
    func differentiate(_ tile: WindowTile<Element>, _ scratch: WindowScratch<Element>)
}

/// A reduction that names one cell of each window, so that a mask can be recorded.
protocol SelectingReduction: Reduction {
    /// Writes the tap that each lane selects to `scratch.selected`, or -1 for none.
    ///
    /// Where ``reduce(_:_:)`` is the op's own, it has been called for the same tile, and its values are in
    /// `scratch.results`.
    func select(_ tile: WindowTile<Element>, _ scratch: WindowScratch<Element>)

    /// What ``reduce(_:_:)`` and ``select(_:_:)`` write.
    func reduceSelecting(_ tile: WindowTile<Element>, _ scratch: WindowScratch<Element>)

    /// The part of the gradient that goes to the selected cell; the rest is spread evenly over the window.
    var selectedShare: Double { get }
}

extension SelectingReduction {
    var selectedShare: Double { 1 }

    @inline(__always)
    func reduceSelecting(_ tile: WindowTile<Element>, _ scratch: WindowScratch<Element>) {
        reduce(tile, scratch)
        select(tile, scratch)
    }

    /// The value of a window is that of its selected cell, or 0 where none is selected.
    @inline(__always)
    func reduce(_ tile: WindowTile<Element>, _ scratch: WindowScratch<Element>) {
        select(tile, scratch)
        for lane in 0..<tile.laneCount {
            let tap = scratch.selected[lane]
            scratch.results[lane] = tap < 0 ? .zero : tile[tap, lane]
        }
    }

    /// The whole gradient goes to the selected cell: ties are never split.
    @inline(__always)
    func differentiate(_ tile: WindowTile<Element>, _ scratch: WindowScratch<Element>) {
        select(tile, scratch)
        tile.sendToSelected(scratch)
    }
}

extension WindowTile where Element: PoolingElement {
    /// Writes each lane's incoming gradient to the gradient of its selected cell, and 0 to the others.
    @inline(__always)
    func sendToSelected(_ scratch: WindowScratch<Element>) {
        scratch.gradients.update(repeating: .zero, count: tapCount &* laneCapacity)
        for lane in 0..<laneCount where scratch.selected[lane] >= 0 {
            scratch.gradients[scratch.selected[lane] &* laneCapacity &+ lane] = scratch.incoming[lane]
        }
    }
}

/// A reduction whose type is forgotten, specialised where it is made.
struct Reducer<Element: PoolingElement>: Sendable {
    typealias Step = @Sendable (WindowTile<Element>, WindowScratch<Element>) -> Void

    let reduce: Step
    let differentiate: Step
    /// What ``SelectingReduction/reduceSelecting(_:_:)`` does; nil where the op names no cell.
    let reduceSelecting: Step?
    let selectedShare: Double
    let reads: CellAccess

    init<R: Reduction>(_ reduction: R, reads: CellAccess = .copies) where R.Element == Element {
        reduce = { reduction.reduce($0, $1) }
        differentiate = { reduction.differentiate($0, $1) }
        reduceSelecting = nil
        selectedShare = 0
        self.reads = reads
    }

    init<R: FoldReduction>(_ reduction: R) where R.Element == Element {
        self.init(reduction, reads: .folds)
    }

    init<R: SelectingReduction>(_ reduction: R, reads: CellAccess = .copies) where R.Element == Element {
        reduce = { reduction.reduce($0, $1) }
        differentiate = { reduction.differentiate($0, $1) }
        reduceSelecting = { reduction.reduceSelecting($0, $1) }
        selectedShare = reduction.selectedShare
        self.reads = reads
    }

    /// Whether cells are sorted, which takes scratch of its own.
    var sorts: Bool { reads == .sorts }

    /// Whether all cells but one of each window are left alone.
    var readsEdges: Bool { if case .edge = reads { true } else { false } }
}

/// How a reduction reads the cells of windows.
enum CellAccess: Sendable, Equatable {
    /// From rows that hold nothing else.
    case copies
    /// As `copies`, and sorts them.
    case sorts
    /// From rows wherever they are.
    case rows
    /// As `rows`, or from the cells of one window in parts; see ``WindowCells``.
    case folds
    /// Only the first or the last cell.
    case edge(isLast: Bool)
}

/// One op's reductions for the types that it can compute in.
struct Reducers: Sendable {
    let float: @Sendable () -> Reducer<Float>
    let double: @Sendable () -> Reducer<Double>
    /// Nil where the op is for floating-point tensors only.
    let integer: (@Sendable () -> Reducer<Int64>)?

    init(
        float: @autoclosure @escaping @Sendable () -> Reducer<Float>,
        double: @autoclosure @escaping @Sendable () -> Reducer<Double>,
        integer: (@Sendable () -> Reducer<Int64>)? = nil
    ) {
        self.float = float
        self.double = double
        self.integer = integer
    }
}
