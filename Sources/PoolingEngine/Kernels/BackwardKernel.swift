/// One way of sending gradients back to the input.
protocol BackwardKernel<Stored>: Sendable {
    associatedtype Stored: StoredElement where Stored.Computed: RealElement

    /// For logs and benchmarks.
    var name: String { get }
    /// Slices are cut at multiples of this many planes; nil where planes depend on each other.
    var planeGroup: Int? { get }
    /// Whether gradients are only added, to memory that starts as zeros; otherwise every element is written.
    var addsOnly: Bool { get }

    /// The gradients of the planes in `planes`; memory outside those planes of the input is not touched.
    ///
    /// - Parameter input: nil where the op's gradient does not depend on the values.
    func backward(
        _ planes: Range<Int>, input: UnsafePointer<Stored>?, gradOutput: UnsafePointer<Stored>,
        gradInput: UnsafeMutablePointer<Stored.Computed>
    ) -> DataFault?
}

/// Asks the op for the derivative of each window: the reference, always willing.
struct DerivativeKernel<Stored: StoredElement>: BackwardKernel where Stored.Computed: RealElement {
    let kernel: GatherKernel<Stored>

    var name: String { kernel.name }
    var planeGroup: Int? { kernel.laneCapacity }
    var addsOnly: Bool { true }

    func backward(
        _ planes: Range<Int>, input: UnsafePointer<Stored>?, gradOutput: UnsafePointer<Stored>,
        gradInput: UnsafeMutablePointer<Stored.Computed>
    ) -> DataFault? {
        kernel.backward(planes, input: input, gradOutput: gradOutput, gradInput: gradInput) { $0 += $1 }
    }
}

/// Sends gradients to the elements that a mask names, whatever its base.
struct MaskGradientKernel<Stored: StoredElement>: BackwardKernel where Stored.Computed: RealElement {
    let kernel: MaskKernel<Stored>
    let indices: Tensor

    var name: String { "mask.scatter" }
    /// Numbers that are not relative to a plane may name elements of any.
    var planeGroup: Int? {
        let base = kernel.geometry.indexing.base
        return base == .plane || base == .window ? 16 : nil
    }
    var addsOnly: Bool { true }

    func backward(
        _ planes: Range<Int>, input: UnsafePointer<Stored>?, gradOutput: UnsafePointer<Stored>,
        gradInput: UnsafeMutablePointer<Stored.Computed>
    ) -> DataFault? {
        indices.withElements(as: Int64.self) { numbers in
            guard let numbers = numbers.baseAddress else { return }
            kernel.backward(planes, gradOutput: gradOutput, indices: numbers, gradInput: gradInput)
        }
        return nil
    }
}

/// The kernels in the order in which they are asked, the fastest first; the reference is always willing.
enum BackwardKernels {
    @inline(__always)
    static func first<Stored: StoredElement>(
        _ geometry: WindowGeometry, _ op: any PoolingOp, _ reference: GatherKernel<Stored>
    ) -> any BackwardKernel<Stored> where Stored.Computed: RealElement {
        spread(geometry, op, Stored.self) ?? MadeBackwardKernel(DerivativeKernel<Stored>(kernel: reference))
    }

    private static func spread<Stored: StoredElement>(
        _ geometry: WindowGeometry, _ op: any PoolingOp, _ type: Stored.Type
    ) -> (any BackwardKernel<Stored>)? where Stored.Computed: RealElement {
        guard case .sum(let divisor)? = op.fold else { return nil }
        let kernel: (any BackwardKernel)? =
            switch type {
            case is Float.Type: SpreadKernel<Float>(geometry, divisor).map { MadeBackwardKernel($0) }
            case is Double.Type: SpreadKernel<Double>(geometry, divisor).map { MadeBackwardKernel($0) }
            case is StoredFloat16.Type: SpreadKernel<StoredFloat16>(geometry, divisor).map { MadeBackwardKernel($0) }
            case is StoredBFloat16.Type: SpreadKernel<StoredBFloat16>(geometry, divisor).map { MadeBackwardKernel($0) }
            default: nil
            }
        return kernel as? any BackwardKernel<Stored>
    }
}
