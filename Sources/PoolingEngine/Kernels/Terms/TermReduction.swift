/// A reduction whose value follows from folds of one or two terms that each cell has by itself, such as Σ e^x.
///
/// The terms of a cell are computed once for all windows that read it, so that windows which overlap share them.
protocol TermReduction: FoldReduction {
    /// What terms are kept and folded in.
    associatedtype Row: TermRow = Double
    typealias Terms = (first: Row.Vector, second: Row.Vector)
    typealias Counts = CellCounts<Row>
    /// How the terms of two cells become one.
    associatedtype First: RowFold = SumFold<Row> where First.Row == Row
    associatedtype Second: RowFold = SumFold<Row> where Second.Row == Row

    /// Whether there is a second term.
    static var hasSecond: Bool { get }
    /// Whether terms take no longer to compute than to read.
    static var termsAreQuick: Bool { get }
    /// Whether folds of as many cells as there may be lose nothing that a window has.
    static var losesNothing: Bool { get }
    /// Terms that change nothing.
    static var neutral: (first: Row, second: Row) { get }

    func terms(_ x: Row.Vector) -> Terms

    /// The values of windows.
    ///
    /// - Returns: also a number that is negative, beyond ``TermRow/largestWitness`` or NaN where the folds have lost too
    ///   much to say: such a window is folded by itself.
    func value(_ folded: Terms, counts: Counts) -> (value: Row.Vector, witness: Row.Vector)
}

extension TermReduction {
    static var hasSecond: Bool { false }
    static var termsAreQuick: Bool { true }
    static var losesNothing: Bool { true }
    static var neutral: (first: Row, second: Row) { (0, 0) }

    @inline(__always)
    static func folded(_ before: Terms, _ terms: Terms) -> Terms {
        (First.fold(before.first, terms.first), hasSecond ? Second.fold(before.second, terms.second) : Row.Vector())
    }
}
