/// Makes the kernels of one reduction, compiled for it where they are made.
struct TermKernels<Element: PoolingElement>: Sendable {
    typealias Forward = @Sendable (WindowGeometry, RowFormat<Element>) -> PlannedKernel?
    typealias Backward =
        @Sendable (WindowGeometry, RowFormat<Element>, GradientSums<Element>) -> PlannedBackwardKernel?

    let forward: Forward
    /// Nil where the op's derivatives are of another kind.
    let backward: Backward?

    init<R: TermReduction>(_ reduction: R) where R.Element == Element, R.Row == Double {
        forward = { Self.scattered(reduction, $0, $1) ?? Self.boxes(reduction, $0, $1) }
        backward = nil
    }

    init<R: TermDifferentiable>(_ reduction: R) where R.Element == Element, R.Row == Double {
        self.init(reduction, gradient: reduction)
    }

    /// - Parameter gradient: the same reduction with the terms that its derivatives follow from.
    init<R: TermReduction, G: TermDifferentiable>(_ reduction: R, gradient: G)
    where R.Element == Element, R.Row == Double, G.Element == Element {
        self.init(forward: TermKernels(reduction).forward, backward: { Self.gradients(gradient, $0, $1, $2) })
    }

    /// Only kernels of rows that share an id, times their weights if there are any.
    init<R: TermReduction>(scattering reduction: R, weights: WeightTable? = nil)
    where R.Element == Element, R.Row == Double {
        forward = { TermScatterKernel(reduction, $0, $1, weights: weights).map { PlannedKernel($0) } }
        backward = nil
    }

    /// - Parameter short: the same reduction in single precision, for windows of few cells along each axis.
    func preferring<S: TermReduction>(_ short: S) -> TermKernels where S.Element == Element {
        TermKernels(forward: forward(preferring: short), backward: backward)
    }

    func preferring<S: TermDifferentiable>(_ short: S) -> TermKernels where S.Element == Element {
        TermKernels(
            forward: forward(preferring: short),
            backward: { Self.gradients(short, $0, $1, $2) ?? backward?($0, $1, $2) })
    }

    @inline(__always)
    private func forward<S: TermReduction>(preferring short: S) -> Forward where S.Element == Element {
        { Self.boxes(short, $0, $1) ?? forward($0, $1) }
    }

    private init(forward: @escaping Forward, backward: Backward?) {
        (self.forward, self.backward) = (forward, backward)
    }

    // Windows that are whole planes share nothing, and are folded in parts where they are.

    @inline(__always)
    private static func scattered<R: TermReduction>(
        _ reduction: R, _ geometry: WindowGeometry, _ format: RowFormat<Element>
    ) -> PlannedKernel? where R.Element == Element, R.Row == Double {
        guard R.losesNothing, geometry.densePlane == nil else { return nil }
        return TermScatterKernel(reduction, geometry, format).map { PlannedKernel($0) }
    }

    @inline(__always)
    private static func boxes<R: TermReduction>(
        _ reduction: R, _ geometry: WindowGeometry, _ format: RowFormat<Element>
    ) -> PlannedKernel? where R.Element == Element {
        geometry.densePlane == nil ? TermKernel(reduction, geometry, format).map { PlannedKernel($0) } : nil
    }

    @inline(__always)
    private static func gradients<R: TermDifferentiable>(
        _ reduction: R, _ geometry: WindowGeometry, _ format: RowFormat<Element>, _ sums: GradientSums<Element>
    ) -> PlannedBackwardKernel? where R.Element == Element {
        geometry.densePlane == nil ? TermGradientKernel(reduction, geometry, format, sums)?.planned : nil
    }
}
