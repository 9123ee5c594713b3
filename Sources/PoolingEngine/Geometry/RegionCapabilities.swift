/// What a kind of region can do; what it cannot do is rejected before any of its parameters is read.
struct RegionCapabilities: Sendable {
    /// Whether the request chooses the pooled axes with `layout`, `dims` or `axes`.
    var hasSpatialAxes = true
    /// Whether all windows have a kernel in common, whose cells weights can belong to.
    var hasKernel = false
    /// Whether indices can be numbered within the kernel (`index_base: window`).
    var numbersKernelCells = false
    /// Whether indices can be numbered within a sample (`index_base: sample`).
    var numbersSamples = true
    /// Whether elements can be left out of windows with `mask`.
    var takesMask = false
    /// Whether windows can be empty, for which there is `empty_value`.
    var canBeEmpty = false
    /// Whether windows are made of interpolated samples, of which no element can be named.
    var isSampled = false
    /// Whether input sizes follow from output sizes.
    var hasInverse = false

    /// Why an op does not work over such a region; nil where it does.
    func rejection(of op: any PoolingOp.Type) -> String? {
        if isSampled, !op.takesSamples { return "samples between cells can only be averaged or compared" }
        if op.needsKernel, !hasKernel { return "windows of different sizes have no common kernel for the weights" }
        return nil
    }
}
