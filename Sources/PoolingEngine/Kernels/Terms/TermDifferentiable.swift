/// A reduction whose derivatives are sums over windows of numbers of each window, times numbers of each cell.
protocol TermDifferentiable: TermReduction {
    /// Folds of more cells usually lose too much, so that nearly every window would be folded twice.
    static var mostCells: Int { get }

    /// The numbers of windows, times their incoming gradients; the witness as in ``TermReduction/value(_:counts:)``.
    func slopes(_ folded: Terms, counts: CellCounts, incoming: Lanes) -> (slopes: Terms, witness: Lanes)

    /// The derivatives of cells, given the sums of the slopes of all windows that read them.
    func derivative(_ x: Lanes, _ slopes: Terms) -> Lanes
}

extension TermDifferentiable {
    static var mostCells: Int { .max }
}
