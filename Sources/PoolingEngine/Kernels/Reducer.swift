/// A reduction whose type is forgotten, specialised where it is made.
struct Reducer<Element: PoolingElement>: Sendable {
    typealias Step = @Sendable (WindowTile<Element>, WindowScratch<Element>) -> Void

    let reduce: Step
    let differentiate: Step
    /// What ``SelectingReduction/reduceSelecting(_:_:)`` does; nil where the op names no cell.
    let reduceSelecting: Step?
    let selectedShare: Double
    let reads: CellAccess
    /// Kernels that share the work of windows which overlap; nil where the op has none.
    private(set) var terms: TermKernels<Element>?

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

    /// The same with other kernels for boxes.
    func sharing(_ terms: TermKernels<Element>?) -> Reducer {
        var reducer = self
        reducer.terms = terms
        return reducer
    }

    /// Whether cells are sorted, which takes scratch of its own.
    var sorts: Bool { reads == .sorts }

    /// Whether all cells but one of each window are left alone.
    var readsEdges: Bool { if case .edge = reads { true } else { false } }
}
