/// A gathering kernel whose tiles hold neighbouring windows of a row.
struct ColumnGatherKernel<Stored: StoredElement>: ForwardKernel {
    private let interior: GatherKernel<Stored>
    private let clipped: [GatherKernel<Stored>]
    private let planeCount: Int
    private let windowCount: Int
    /// Planes whose interior windows follow each other.
    private let planeGroup: Int

    /// Fewer groups would leave threads without work.
    private static var fewestGroups: Int { 4 }

    var name: String { "gather.columns\(interior.laneCapacity)" }
    var units: WorkUnits { WorkUnits(count: planeCount, group: planeGroup) }
    var scratchByteCount: Int { largestScratch(gradients: false) }

    /// Nil where there are few interior windows.
    init?(_ geometry: WindowGeometry, _ reducer: Reducer<Stored.Computed>) {
        planeGroup = geometry.lane.input == 1 ? max(geometry.lane.count, 1) : 1
        guard planeGroup == 1 || geometry.planeCount / planeGroup >= Self.fewestGroups,
            let windows = InteriorWindows(geometry)
        else { return nil }
        interior = GatherKernel(windows.interior, reducer)
        clipped = windows.clipped.map { GatherKernel($0, reducer) }
        (planeCount, windowCount) = (geometry.planeCount, windows.count)
    }

    func forward(
        _ planes: Range<Int>, input: UnsafePointer<Stored>, output: UnsafeMutablePointer<Stored>,
        indices: UnsafeMutablePointer<Int64>?, _ cancellation: Cancellation?
    ) -> DataFault? {
        run(planes) { $0.forward($1, input: input, output: output, indices: indices, cancellation) }
    }

    /// Calls `body` with each of the kernels and what are planes to it, and reports the fault of the first output.
    @inline(__always)
    fileprivate func run(
        _ planes: Range<Int>, _ body: (GatherKernel<Stored>, Range<Int>) -> DataFault?
    ) -> DataFault? {
        let windows = planes.lowerBound * windowCount..<planes.upperBound * windowCount
        let faults = [body(interior, windows)] + clipped.map { body($0, planes) }
        return faults.compactMap { $0 }.min { $0.output < $1.output }
    }

    fileprivate func largestScratch(gradients: Bool) -> Int {
        clipped.reduce(interior.needs(gradients: gradients).byteCount) {
            max($0, $1.needs(gradients: gradients).byteCount)
        }
    }
}

/// Asks the op for the derivatives of neighbouring windows of a row.
///
/// An element's shares are added in an order that the geometry alone decides: those of the interior first.
struct ColumnDerivativeKernel<Stored: StoredElement, Sum: RealElement>: BackwardKernel
where Stored.Computed: RealElement {
    private let kernel: ColumnGatherKernel<Stored>

    var name: String { kernel.name }
    var units: WorkUnits { kernel.units }
    var addsOnly: Bool { true }
    var scratchByteCount: Int { kernel.largestScratch(gradients: true) }

    /// Nil where there are few interior windows.
    init?(_ geometry: WindowGeometry, _ reducer: Reducer<Stored.Computed>) {
        guard let kernel = ColumnGatherKernel<Stored>(geometry, reducer) else { return nil }
        self.kernel = kernel
    }

    func backward(
        _ planes: Range<Int>, input: UnsafePointer<Stored>?, gradOutput: UnsafePointer<Stored>,
        indices: IndexNumbers?, gradInput: UnsafeMutablePointer<Sum>, _ cancellation: Cancellation?
    ) -> DataFault? {
        kernel.run(planes) {
            $0.backward($1, input: input, gradOutput: gradOutput, gradInput: gradInput, cancellation)
        }
    }
}
