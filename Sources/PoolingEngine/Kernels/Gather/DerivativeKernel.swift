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
    var units: WorkUnits { rowLength == 1 ? kernel.units : WorkUnits(count: 1, group: 1) }
    var addsOnly: Bool { true }
    var scratchByteCount: Int { kernel.needs(gradients: true).byteCount }

    func backward(
        _ planes: Range<Int>, input: UnsafePointer<Stored>?, gradOutput: UnsafePointer<Stored>,
        indices: IndexNumbers?, gradInput: UnsafeMutablePointer<Sum>, _ cancellation: Cancellation?
    ) -> DataFault? {
        kernel.backward(
            planes.lowerBound * rowLength..<planes.upperBound * rowLength, input: input, gradOutput: gradOutput,
            gradInput: gradInput, cancellation)
    }
}
