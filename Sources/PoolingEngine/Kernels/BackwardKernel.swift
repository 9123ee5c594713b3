/// One way of sending gradients back to the input.
protocol BackwardKernel<Stored, Sum>: Sendable {
    associatedtype Stored: StoredElement where Stored.Computed: RealElement
    /// The type in which gradients are added up; see ``GradientBuffer``.
    associatedtype Sum: RealElement

    /// For logs and benchmarks.
    var name: String { get }
    /// Slices are cut at multiples of this many planes; nil where planes depend on each other.
    var planeGroup: Int? { get }
    /// Whether gradients are only added, to memory that starts as zeros; otherwise every element is written.
    var addsOnly: Bool { get }
    /// Bytes that each slice computes in.
    var scratchByteCount: Int { get }

    /// The gradients of the planes in `planes`; memory outside those planes of the input is not touched.
    ///
    /// - Parameter input: nil where the op's gradient does not depend on the values.
    func backward(
        _ planes: Range<Int>, input: UnsafePointer<Stored>?, gradOutput: UnsafePointer<Stored>,
        gradInput: UnsafeMutablePointer<Sum>, _ cancellation: Cancellation?
    ) -> DataFault?
}

/// Asks the op for the derivative of each window: the reference, always willing.
struct DerivativeKernel<Stored: StoredElement, Sum: RealElement>: BackwardKernel where Stored.Computed: RealElement {
    private let kernel: GatherKernel<Stored>
    /// Windows of a row that are planes to the kernel; 1 where planes are.
    private let rowLength: Int

    init(_ geometry: WindowGeometry, _ reducer: Reducer<Stored.Computed>) {
        let row = geometry.columnsAsLanes
        kernel = GatherKernel(row ?? geometry, reducer)
        rowLength = row?.planeCount ?? 1
    }

    var name: String { kernel.name }
    var planeGroup: Int? { rowLength == 1 ? kernel.planeGroup : 1 }
    var addsOnly: Bool { true }
    var scratchByteCount: Int { kernel.needs(gradients: true).byteCount }

    func backward(
        _ planes: Range<Int>, input: UnsafePointer<Stored>?, gradOutput: UnsafePointer<Stored>,
        gradInput: UnsafeMutablePointer<Sum>, _ cancellation: Cancellation?
    ) -> DataFault? {
        kernel.backward(
            planes.lowerBound * rowLength..<planes.upperBound * rowLength, input: input, gradOutput: gradOutput,
            gradInput: gradInput, cancellation)
    }
}

/// The kernels in the order in which they are asked, the fastest first; the reference is always willing.
enum BackwardKernels {
    /// - Parameter writes: whether a kernel may write every element of its planes, because nobody else adds to them.
    @inline(__always)
    static func first<Stored: StoredElement, Sum: RealElement>(
        _ geometry: WindowGeometry, _ op: any PoolingOp, _ reducer: Reducer<Stored.Computed>, writes: Bool
    ) -> any BackwardKernel<Stored, Sum> where Stored.Computed: RealElement {
        (writes ? spread(geometry, op) ?? taps(geometry, op) : nil)
            ?? EdgeGradientKernel<Stored, Sum>(geometry, reducer, writes: writes).map { MadeBackwardKernel($0) }
            ?? ColumnDerivativeKernel<Stored, Sum>(geometry, reducer).map { MadeBackwardKernel($0) }
            ?? MadeBackwardKernel(DerivativeKernel<Stored, Sum>(geometry, reducer))
    }

    /// The kernel that sends gradients where `indices` say.
    @inline(__always)
    static func first<Stored: StoredElement, Sum: RealElement>(
        _ geometry: WindowGeometry, indices: Tensor, selectedShare: Double, writes: Bool
    ) -> any BackwardKernel<Stored, Sum> where Stored.Computed: RealElement {
        if writes, selectedShare == 1, let fast = PlaneScatterKernel<Stored, Sum>(geometry, indices: indices) {
            return MadeBackwardKernel(fast)
        }
        return MadeBackwardKernel(
            IndexScatterKernel<Stored, Sum>(geometry: geometry, selectedShare: selectedShare, indices: indices))
    }

    private static func taps<Stored: StoredElement, Sum: RealElement>(
        _ geometry: WindowGeometry, _ op: any PoolingOp
    ) -> (any BackwardKernel<Stored, Sum>)? where Stored.Computed: RealElement {
        guard let weights = op.tapWeights else { return nil }
        func made<Row: RowElement>(_ type: Row.Type) -> (any BackwardKernel)?
        where Row.Computed: RealElement, Row.Row == Row.Computed {
            Sum.self == Double.self ? made(type, Double.self) : made(type, Row.Computed.self)
        }
        func made<Row: RowElement, Number: RealElement>(
            _ type: Row.Type, _ sum: Number.Type
        ) -> (any BackwardKernel)? where Row.Computed: RealElement, Row.Row == Row.Computed {
            PlaneTapGradientKernel<Row, Number>(geometry, weights).map { MadeBackwardKernel($0) }
                ?? TapGradientKernel<Row, Number>(geometry, weights).map { MadeBackwardKernel($0) }
        }
        let kernel: (any BackwardKernel)? =
            switch Stored.self {
            case is Float.Type: made(Float.self)
            case is Double.Type: made(Double.self)
            case is StoredFloat16.Type: made(StoredFloat16.self)
            case is StoredBFloat16.Type: made(StoredBFloat16.self)
            default: nil
            }
        return kernel as? any BackwardKernel<Stored, Sum>
    }

    private static func spread<Stored: StoredElement, Sum: RealElement>(
        _ geometry: WindowGeometry, _ op: any PoolingOp
    ) -> (any BackwardKernel<Stored, Sum>)? where Stored.Computed: RealElement {
        guard case .sum(let divisor)? = op.fold else { return nil }
        func made<Row: RowElement>(_ type: Row.Type) -> (any BackwardKernel)?
        where Row.Computed: RealElement & SummedRowValue {
            Sum.self == Double.self
                ? SpreadKernel<Row, Double>(geometry, divisor).map { MadeBackwardKernel($0) }
                : SpreadKernel<Row, Row.Computed>(geometry, divisor).map { MadeBackwardKernel($0) }
        }
        let kernel: (any BackwardKernel)? =
            switch Stored.self {
            case is Float.Type: made(Float.self)
            case is Double.Type: made(Double.self)
            case is StoredFloat16.Type: made(StoredFloat16.self)
            case is StoredBFloat16.Type: made(StoredBFloat16.self)
            default: nil
            }
        return kernel as? any BackwardKernel<Stored, Sum>
    }
}
