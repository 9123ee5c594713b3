/// The kernels in the order in which they are asked, the fastest first; the reference is always willing.
enum BackwardKernels {
    /// - Parameter writes: whether a kernel may write every element of its planes, because nobody else adds to them.
    @inline(__always)
    static func first<Stored: StoredElement, Sum: RealElement>(
        _ geometry: WindowGeometry, _ op: any PoolingOp, _ reducer: Reducer<Stored.Computed>, writes: Bool,
        _ type: Stored.Type, _ sum: Sum.Type
    ) -> PlannedBackwardKernel where Stored.Computed: RealElement {
        (writes ? spread(geometry, op, type, sum) ?? taps(geometry, op, type, sum)?.kernel : nil)
            ?? SelectionGradient(geometry, op, type)?.planned(type, sum)
            ?? sharing(geometry, reducer, type, sum)
            ?? EdgeGradientKernel<Stored, Sum>(geometry, reducer, writes: writes).map { PlannedBackwardKernel($0) }
            ?? ColumnDerivativeKernel<Stored, Sum>(geometry, reducer).map { PlannedBackwardKernel($0) }
            ?? PlannedBackwardKernel(DerivativeKernel<Stored, Sum>(geometry, reducer))
    }

    /// The kernel of an op whose cells have terms; nil where it has none, or windows are no boxes.
    @inline(__always)
    private static func sharing<Stored: StoredElement, Sum: RealElement>(
        _ geometry: WindowGeometry, _ reducer: Reducer<Stored.Computed>, _ type: Stored.Type, _ sum: Sum.Type
    ) -> PlannedBackwardKernel? where Stored.Computed: RealElement {
        reducer.terms?.backward?(geometry, RowFormat(computing: type), GradientSums(sum))
    }

    /// The kernel that sends gradients to the elements that indices name.
    @inline(__always)
    static func scattering<Stored: StoredElement, Sum: RealElement>(
        _ geometry: WindowGeometry, selectedShare: Double, writes: Bool, _ type: Stored.Type, _ sum: Sum.Type
    ) -> PlannedBackwardKernel where Stored.Computed: RealElement {
        if writes, selectedShare == 1, let fast = PlaneScatterKernel<Stored, Sum>(geometry) {
            return PlannedBackwardKernel(fast)
        }
        return PlannedBackwardKernel(
            IndexScatterKernel<Stored, Sum>(geometry: geometry, selectedShare: selectedShare))
    }

    /// The gradients of weighted sums; nil where the op does more, or windows are irregular.
    @inline(__always)
    static func taps<Stored: StoredElement, Sum: RealElement>(
        _ geometry: WindowGeometry, _ op: any PoolingOp, _ type: Stored.Type, _ sum: Sum.Type
    ) -> (kernel: PlannedBackwardKernel, derivatives: TapDerivatives)? {
        op.tapWeights.flatMap { Stored.tapGradients(geometry, $0, sum) }
    }

    private static func spread<Stored: StoredElement, Sum: RealElement>(
        _ geometry: WindowGeometry, _ op: any PoolingOp, _ type: Stored.Type, _ sum: Sum.Type
    ) -> PlannedBackwardKernel? {
        guard case .sum(let divisor)? = op.fold else { return nil }
        return Stored.spreadKernel(geometry, divisor, sum)
    }
}
