/// One way of pooling a tensor forward.
protocol ForwardKernel<Stored>: Sendable {
    associatedtype Stored: StoredElement

    /// For logs and benchmarks.
    var name: String { get }
    /// Slices are cut at multiples of this many planes.
    var planeGroup: Int { get }

    /// Pools the planes in `planes`; memory outside the planes' part of the answer is not touched.
    func forward(
        _ planes: Range<Int>, input: UnsafePointer<Stored>, output: UnsafeMutablePointer<Stored>,
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
        rowKernel(geometry, op, hasIndices: hasIndices, type) ?? MadeKernel(GatherKernel<Stored>(geometry, reducer))
    }

    /// A kernel that folds rows; nil where the op is no fold or windows are no boxes.
    static func rowKernel<Stored: StoredElement>(
        _ geometry: WindowGeometry, _ op: any PoolingOp, hasIndices: Bool, _ type: Stored.Type
    ) -> (any ForwardKernel<Stored>)? {
        guard let fold = op.fold, let windows = RowWindows(geometry),
            !hasIndices || (geometry.indexing.base != .window && geometry.indexing.count <= Int(Int32.max))
        else { return nil }
        return Stored.rowKernel(RowKernelMaker(geometry: geometry, windows: windows, fold: fold))
    }
}

/// Makes the row kernel of a fold.
struct RowKernelMaker {
    let geometry: WindowGeometry
    let windows: RowWindows
    let fold: WindowFold

    func real<Stored: RowElement>(
        _ type: Stored.Type
    ) -> (any ForwardKernel<Stored>)? where Stored.Row: BinaryFloatingPoint {
        switch fold {
        case .largest(.ignore): kernel(type, LargestNumberFold<Stored.Row>.self)
        case .smallest(.ignore): kernel(type, SmallestNumberFold<Stored.Row>.self)
        case .largest(.propagate), .smallest(.propagate): choice(type)
        case .sum(let divisor):
            kernel(type, SumFold<Stored.Row>.self, divisor.map { RowDivisor($0, windows) })
        }
    }

    /// Kernels that choose a cell, so that no type is too narrow for the result.
    func choice<Stored: RowElement>(_ type: Stored.Type) -> (any ForwardKernel<Stored>)? {
        switch fold {
        case .largest: kernel(type, LargestFold<Stored.Row>.self)
        case .smallest: kernel(type, SmallestFold<Stored.Row>.self)
        case .sum: nil
        }
    }

    private func kernel<Stored: RowElement, Fold: RowFold>(
        _ type: Stored.Type, _ fold: Fold.Type, _ divisor: RowDivisor? = nil
    ) -> (any ForwardKernel<Stored>)? where Fold.Row == Stored.Row {
        // Partial sums go through the answer's type from depth to depth, which would round them more than once.
        let roundsPartialSums = !Fold.isChoice && Stored.self != Stored.Row.self && windows.depth.largestCount > 1
        guard !roundsPartialSums, windows.isCompact else { return nil }
        if windows.coversContiguousPlanes {
            return MadeKernel(WholePlaneKernel<Stored, Fold>(geometry: geometry, windows: windows, divisor: divisor))
        }
        if windows.input.column == 1, windows.output.column == 1 || windows.columns.output == 1 {
            return MadeKernel(PlanarKernel<Stored, Fold>(geometry: geometry, windows: windows, divisor: divisor))
        }
        return MadeKernel(InterleavedKernel<Stored, Fold>(geometry: geometry, windows: windows, divisor: divisor))
    }
}
