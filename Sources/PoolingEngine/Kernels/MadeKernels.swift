/// A kernel whose work is a closure, which is compiled for its types where it is made.
///
/// A method of a generic type that is called through `any` is the one that is compiled for all types.
struct MadeKernel<Stored: StoredElement>: ForwardKernel {
    let name: String
    let units: WorkUnits
    let scratchByteCount: Int
    private let work:
        @Sendable (
            Range<Int>, UnsafePointer<Stored>, UnsafeMutablePointer<Stored>, UnsafeMutablePointer<Int64>?, Cancellation?
        ) -> DataFault?

    @inline(__always)
    init(_ kernel: some ForwardKernel<Stored>) {
        name = kernel.name
        units = kernel.units
        scratchByteCount = kernel.scratchByteCount
        work = { kernel.forward($0, input: $1, output: $2, indices: $3, $4) }
    }

    func forward(
        _ units: Range<Int>, input: UnsafePointer<Stored>, output: UnsafeMutablePointer<Stored>,
        indices: UnsafeMutablePointer<Int64>?, _ cancellation: Cancellation?
    ) -> DataFault? {
        work(units, input, output, indices, cancellation)
    }
}

/// As ``MadeKernel``, for gradients.
struct MadeBackwardKernel<Stored: StoredElement, Sum: RealElement>: BackwardKernel where Stored.Computed: RealElement {
    let name: String
    let planeGroup: Int?
    let addsOnly: Bool
    let scratchByteCount: Int
    private let work:
        @Sendable (
            Range<Int>, UnsafePointer<Stored>?, UnsafePointer<Stored>, UnsafeMutablePointer<Sum>, Cancellation?
        ) -> DataFault?

    @inline(__always)
    init(_ kernel: some BackwardKernel<Stored, Sum>) {
        name = kernel.name
        planeGroup = kernel.planeGroup
        addsOnly = kernel.addsOnly
        scratchByteCount = kernel.scratchByteCount
        work = { kernel.backward($0, input: $1, gradOutput: $2, gradInput: $3, $4) }
    }

    func backward(
        _ planes: Range<Int>, input: UnsafePointer<Stored>?, gradOutput: UnsafePointer<Stored>,
        gradInput: UnsafeMutablePointer<Sum>, _ cancellation: Cancellation?
    ) -> DataFault? {
        work(planes, input, gradOutput, gradInput, cancellation)
    }
}
