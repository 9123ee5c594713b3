/// A reduction whose value follows from folds of one or two terms that each cell has by itself, such as Σ e^x.
///
/// The terms of a cell are computed once for all windows that read it, so that windows which overlap share them.
protocol TermReduction: FoldReduction {
    typealias Terms = (first: Lanes, second: Lanes)
    /// How the terms of two cells become one.
    associatedtype First: RowFold = SumFold<Double> where First.Row == Double
    associatedtype Second: RowFold = SumFold<Double> where Second.Row == Double

    /// Whether there is a second term.
    static var hasSecond: Bool { get }
    /// Whether terms take no longer to compute than to read.
    static var termsAreQuick: Bool { get }
    /// Whether folds of as many cells as there may be lose nothing that a window has.
    static var losesNothing: Bool { get }
    /// Terms that change nothing.
    static var neutral: (first: Double, second: Double) { get }

    func terms(_ x: Lanes) -> Terms

    /// The values of windows.
    ///
    /// - Returns: also a number that is beyond ``WindowTerms/known`` or NaN where the folds have lost too much to say: such
    ///   a window is folded by itself.
    func value(_ folded: Terms, counts: CellCounts) -> (value: Lanes, witness: Lanes)
}

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

extension TermReduction {
    static var hasSecond: Bool { false }
    static var termsAreQuick: Bool { true }
    static var losesNothing: Bool { true }
    static var neutral: (first: Double, second: Double) { (0, 0) }

    @inline(__always)
    static func folded(_ before: Terms, _ terms: Terms) -> Terms {
        (First.fold(before.first, terms.first), hasSecond ? Second.fold(before.second, terms.second) : .zero)
    }
}

/// How many cells windows have, and the inverses: a division takes as long as a dozen products.
struct CellCounts {
    let numbers: Lanes
    let inverses: Lanes

    @inline(__always)
    init(numbers: Lanes, inverses: Lanes) { (self.numbers, self.inverses) = (numbers, inverses) }

    /// Of windows of `count` cells each.
    @inline(__always)
    init(repeating count: Int) {
        numbers = Lanes(repeating: Double(count))
        inverses = 1 / numbers
    }
}

/// Up to eight windows of a row, or of a row of several planes.
struct WindowTerms {
    var depth = 0
    let row: Int
    /// Where the first of them is in a line, and in a row of the output.
    let position: Int
    var offset = 0
    let count: Int

    /// What witnesses of values that are known lie between.
    @inline(__always) static var known: ClosedRange<Double> { 0...1e300 }

    /// Calls `body` with the numbers of those whose witness is not that of a known value.
    @inline(__always)
    func forEachUnknown(_ witness: Lanes, _ body: (_ number: Int) -> Void) {
        guard !witness.allLie(within: Self.known.lowerBound, Self.known.upperBound) else { return }
        for number in 0..<count where !Self.known.contains(witness[number]) { body(number) }
    }
}

/// Makes the kernels of one reduction, compiled for it where they are made.
struct TermKernels<Element: PoolingElement>: Sendable {
    let forward: @Sendable (WindowGeometry, RowFormat<Element>) -> PlannedKernel?
    /// Nil where the op's derivatives are of another kind.
    let backward: (@Sendable (WindowGeometry, RowFormat<Element>, GradientSums<Element>) -> PlannedBackwardKernel?)?

    init<R: TermReduction>(_ reduction: R) where R.Element == Element {
        forward = { Self.planned(reduction, $0, $1) }
        backward = nil
    }

    init<R: TermDifferentiable>(_ reduction: R) where R.Element == Element { self.init(reduction, gradient: reduction) }

    /// - Parameter gradient: the same reduction with the terms that its derivatives follow from.
    init<R: TermReduction, G: TermDifferentiable>(_ reduction: R, gradient: G)
    where R.Element == Element, G.Element == Element {
        forward = { Self.planned(reduction, $0, $1) }
        backward = { $0.densePlane == nil ? TermGradientKernel(gradient, $0, $1, $2)?.planned : nil }
    }

    @inline(__always)
    private static func planned<R: TermReduction>(
        _ reduction: R, _ geometry: WindowGeometry, _ format: RowFormat<Element>
    ) -> PlannedKernel? where R.Element == Element {
        // Windows that are whole planes share nothing, and are folded in parts where they are.
        guard geometry.densePlane == nil else { return nil }
        let scattered = R.losesNothing ? TermScatterKernel(reduction, geometry, format).map { PlannedKernel($0) } : nil
        return scattered ?? TermKernel(reduction, geometry, format).map { PlannedKernel($0) }
    }

    /// Only kernels of rows that share an id, times their weights if there are any.
    init<R: TermReduction>(scattering reduction: R, weights: WeightTable? = nil) where R.Element == Element {
        forward = { TermScatterKernel(reduction, $0, $1, weights: weights).map { PlannedKernel($0) } }
        backward = nil
    }
}
