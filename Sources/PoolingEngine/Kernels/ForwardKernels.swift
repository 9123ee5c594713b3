/// The kernels in the order in which they are asked, the fastest first; the reference takes every geometry.
enum ForwardKernels {
    /// Slices of row kernels take no more than this to compute in.
    static let largestScratch = 16 << 20

    /// The tables of row kernels take longer to make than fewer cells take to gather.
    static let fewestRowTaps = 512

    /// The kernels of windows that are planned once.
    ///
    /// - Returns: also whether they take as long as kernels that fold rows.
    @inline(__always)
    static func whole<Stored: StoredElement>(
        _ geometry: WindowGeometry, _ op: any PoolingOp, _ reducer: Reducer<Stored.Computed>, hasIndices: Bool,
        _ type: Stored.Type
    ) -> (kernels: [PlannedKernel], usesRows: Bool) {
        if let rows = rowKernels(geometry, op, hasIndices: hasIndices, type) { return (rows, true) }
        if let taps = op.tapWeights.flatMap({ Stored.tapKernel(geometry, $0) }) { return ([taps], true) }
        let other =
            sharing(geometry, reducer, hasIndices: hasIndices, type) ?? gathering(geometry, reducer, type)
        return ([other], false)
    }

    /// The kernels of a part that is made while computing: its tables are made for each request.
    @inline(__always)
    static func part<Stored: StoredElement>(
        _ geometry: WindowGeometry, _ op: any PoolingOp, _ reducer: Reducer<Stored.Computed>, hasIndices: Bool,
        _ type: Stored.Type
    ) -> [PlannedKernel] {
        if let terms = sharing(geometry, reducer, hasIndices: hasIndices, type) { return [terms] }
        if geometry.totalTaps >= fewestRowTaps, let rows = rowKernels(geometry, op, hasIndices: hasIndices, type) {
            return rows
        }
        if !reducer.readsEdges, let row = geometry.columnsAsLanes { return [gathering(row, reducer, type)] }
        return [gathering(geometry, reducer, type)]
    }

    /// A kernel that computes the terms of each cell once for all windows; nil where the op has none, or windows are no
    /// boxes.
    @inline(__always)
    static func sharing<Stored: StoredElement>(
        _ geometry: WindowGeometry, _ reducer: Reducer<Stored.Computed>, hasIndices: Bool, _ type: Stored.Type
    ) -> PlannedKernel? {
        hasIndices ? nil : reducer.terms?.forward(geometry, RowFormat(computing: type))
    }

    /// A kernel that serves every op.
    @inline(__always)
    static func gathering<Stored: StoredElement>(
        _ geometry: WindowGeometry, _ reducer: Reducer<Stored.Computed>, _ type: Stored.Type
    ) -> PlannedKernel {
        EdgeKernel<Stored>(geometry, reducer).map { PlannedKernel($0) }
            ?? ColumnGatherKernel<Stored>(geometry, reducer).map { PlannedKernel($0) }
            ?? PlannedKernel(GatherKernel<Stored>(geometry, reducer))
    }

    /// Kernels that fold rows; nil where the op is no fold or windows are no boxes.
    static func rowKernels<Stored: StoredElement>(
        _ geometry: WindowGeometry, _ op: any PoolingOp, hasIndices: Bool, _ type: Stored.Type
    ) -> [PlannedKernel]? {
        guard let fold = op.fold, geometry.planeCount > 0, !geometry.isSelective,
            !hasIndices || (geometry.indexing.base != .window && geometry.indexing.count <= Int(Int32.max)),
            let parts = geometry.cropped.cut
        else { return nil }
        var kernels: [PlannedKernel] = []
        for part in parts {
            guard let windows = RowWindows(part),
                let kernel = Stored.rowKernel(
                    RowKernelMaker(geometry: part, windows: windows, fold: fold, hasIndices: hasIndices)),
                kernel.scratchByteCount <= largestScratch
            else { return nil }
            kernels.append(kernel)
        }
        return kernels
    }
}
