/// A gathering kernel whose tiles hold neighbouring windows of a row.
struct ColumnGatherKernel<Stored: StoredElement>: ForwardKernel {
    private let interior: GatherKernel<Stored>
    private let clipped: [GatherKernel<Stored>]
    private let planeCount: Int
    private let windowCount: Int

    var name: String { "gather.columns\(interior.laneCapacity)" }
    var units: WorkUnits { WorkUnits(count: planeCount, group: 1) }
    var scratchByteCount: Int { clipped.reduce(interior.scratchByteCount) { max($0, $1.scratchByteCount) } }

    /// Nil where neighbouring planes make better tiles.
    init?(_ geometry: WindowGeometry, _ reducer: Reducer<Stored.Computed>) {
        guard geometry.lane.input != 1, let windows = InteriorWindows(geometry) else { return nil }
        interior = GatherKernel(windows.interior, reducer)
        clipped = windows.clipped.map { GatherKernel($0, reducer) }
        (planeCount, windowCount) = (geometry.planeCount, windows.count)
    }

    func forward(
        _ planes: Range<Int>, input: UnsafePointer<Stored>, output: UnsafeMutablePointer<Stored>,
        indices: UnsafeMutablePointer<Int64>?, _ cancellation: Cancellation?
    ) -> DataFault? {
        let windows = planes.lowerBound * windowCount..<planes.upperBound * windowCount
        let faults =
            [interior.forward(windows, input: input, output: output, indices: indices, cancellation)]
            + clipped.map { $0.forward(planes, input: input, output: output, indices: indices, cancellation) }
        return faults.compactMap { $0 }.min { $0.output < $1.output }
    }
}
