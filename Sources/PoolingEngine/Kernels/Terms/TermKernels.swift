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
