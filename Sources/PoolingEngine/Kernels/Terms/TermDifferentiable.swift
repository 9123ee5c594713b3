/// A reduction whose derivatives are sums over windows of numbers of each window, times numbers of each cell.
protocol TermDifferentiable: TermReduction {
    /// Folds of more cells usually lose too much, so that nearly every window would be folded twice.
    static var mostCells: Int { get }

    /// The numbers of windows, times their incoming gradients; the witness as in ``TermReduction/value(_:counts:)``.
    func slopes(_ folded: Terms, counts: Counts, incoming: Row.Vector) -> (slopes: Terms, witness: Row.Vector)

    /// The derivatives of cells, given the sums of the slopes of all windows that read them.
    func derivative(_ x: Row.Vector, _ slopes: Terms) -> Row.Vector
}

extension TermDifferentiable {
    static var mostCells: Int { .max }
}
