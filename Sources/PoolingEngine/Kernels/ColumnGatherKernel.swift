/// A gathering kernel whose tiles hold neighbouring windows of a row.
struct ColumnGatherKernel<Stored: StoredElement>: ForwardKernel {
    private let middle: GatherKernel<Stored>
    private let clipped: GatherKernel<Stored>?
    private let planeCount: Int
    private let windowCount: Int

    var name: String { "gather.columns\(middle.laneCapacity)" }
    var units: WorkUnits { WorkUnits(count: planeCount, group: 1) }

    /// Nil where neighbouring planes make better tiles.
    init?(_ geometry: WindowGeometry, _ reducer: Reducer<Stored.Computed>) {
        guard geometry.lane.input != 1, let windows = MiddleWindows(geometry) else { return nil }
        middle = GatherKernel(windows.middle, reducer)
        clipped = windows.clipped.map { GatherKernel($0, reducer) }
        (planeCount, windowCount) = (geometry.planeCount, windows.count)
    }

    func forward(
        _ planes: Range<Int>, input: UnsafePointer<Stored>, output: UnsafeMutablePointer<Stored>,
        indices: UnsafeMutablePointer<Int64>?
    ) -> DataFault? {
        let windows = planes.lowerBound * windowCount..<planes.upperBound * windowCount
        let faults = [
            middle.forward(windows, input: input, output: output, indices: indices),
            clipped?.forward(planes, input: input, output: output, indices: indices),
        ]
        return faults.compactMap { $0 }.min { $0.output < $1.output }
    }
}
