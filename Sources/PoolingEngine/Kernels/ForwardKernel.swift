/// One way of pooling a tensor forward.
protocol ForwardKernel<Stored>: Sendable {
    associatedtype Stored: StoredElement

    /// For logs and benchmarks.
    var name: String { get }
    var units: WorkUnits { get }

    /// Does a part of the work; memory outside its part of the answer is not touched.
    func forward(
        _ units: Range<Int>, input: UnsafePointer<Stored>, output: UnsafeMutablePointer<Stored>,
        indices: UnsafeMutablePointer<Int64>?
    ) -> DataFault?
}

/// The kernels in the order in which they are asked, the fastest first; the reference is always willing.
enum ForwardKernels {
    @inline(__always)
    static func first<Stored: StoredElement>(
        _ geometry: WindowGeometry, _ op: any PoolingOp, _ reducer: Reducer<Stored.Computed>, hasIndices: Bool,
        _ type: Stored.Type
    ) -> any ForwardKernel<Stored> {
        rowKernel(geometry, op, hasIndices: hasIndices, type)
            ?? ColumnGatherKernel<Stored>(geometry, reducer).map { MadeKernel($0) }
            ?? MadeKernel(GatherKernel<Stored>(geometry, reducer))
    }

    /// A kernel that folds rows; nil where the op is no fold or windows are no boxes.
    static func rowKernel<Stored: StoredElement>(
        _ geometry: WindowGeometry, _ op: any PoolingOp, hasIndices: Bool, _ type: Stored.Type
    ) -> (any ForwardKernel<Stored>)? {
        guard let fold = op.fold, let windows = RowWindows(geometry),
            !hasIndices || (geometry.indexing.base != .window && geometry.indexing.count <= Int(Int32.max))
        else { return nil }
        let maker = RowKernelMaker(geometry: geometry, windows: windows, fold: fold, hasIndices: hasIndices)
        return Stored.rowKernel(maker).map { RowForwardKernel($0) }
    }
}
