/// Windows cut along their last axis: those in the middle, which all have the same taps, and those that the edges clip.
///
/// Neighbours in the middle differ by an offset, as planes do, so they are one more level of the loop over planes: the
/// lanes of a tile.
struct SplitColumns: Sendable {
    let middle: WindowGeometry
    /// Nil where no window is clipped.
    let edges: WindowGeometry?

    /// Fewer windows in a row than this are not worth the tiles.
    private static let fewestColumns = 8

    /// Nil where windows differ from plane to plane, or few follow each other along the last axis.
    init?(_ geometry: WindowGeometry) {
        guard geometry.groups.count == 1, geometry.blocks.count == 1, let block = geometry.blocks.first,
            block.binStrides.isEmpty, let columns = block.axes.last,
            case .strided(let stride, let before, let after, let dilation, let mode) = columns.pattern
        else { return nil }
        let reach = (columns.kernel - 1) * dilation
        let first = min(max((before + stride - 1) / stride, 0), columns.output)
        let end = min(max((columns.input - 1 - reach + before) / stride + 1, first), columns.output)
        guard columns.input > reach, end - first >= Self.fewestColumns else { return nil }

        func part(_ outputs: Range<Int>) -> WindowBlock {
            var part = block
            let axis = block.axes.count - 1
            part.axes[axis] = AxisTaps(
                pattern: .strided(
                    stride: stride, before: before - outputs.lowerBound * stride, after: after, dilation: dilation,
                    mode: mode),
                input: columns.input, output: outputs.count, kernel: columns.kernel)
            part.outputBase += outputs.lowerBound * block.outputStrides[axis]
            return part
        }
        let (inputStep, outputStep, indexStep) = (
            block.inputStrides.last ?? 1, block.outputStrides.last ?? 1, block.indexStrides.last ?? 1
        )
        var middle = geometry
        middle.levels.append(
            PlaneLevel(
                count: end - first, input: stride * inputStep, output: outputStep, index: stride * indexStep,
                channel: 0))
        middle.blocks = [part(first..<first + 1)]
        middle.groups = [WindowGroup(planes: 0..<geometry.planeCount * (end - first), blocks: 0..<1)]
        self.middle = middle

        let clipped = [0..<first, end..<columns.output].filter { !$0.isEmpty }.map(part)
        var edges = geometry
        edges.blocks = clipped
        edges.groups = [WindowGroup(planes: 0..<geometry.planeCount, blocks: clipped.indices)]
        self.edges = clipped.isEmpty ? nil : edges
    }

    /// Windows of the middle in each row.
    var columnCount: Int { middle.lane.count }
}

/// A gathering kernel whose tiles hold neighbouring windows of a row.
struct ColumnGatherKernel<Stored: StoredElement>: ForwardKernel {
    private let middle: GatherKernel<Stored>
    private let edges: GatherKernel<Stored>?
    private let columnCount: Int

    var name: String { "gather.columns\(middle.laneCapacity)" }
    var planeGroup: Int { 1 }

    /// Nil where neighbouring planes make better tiles.
    init?(_ geometry: WindowGeometry, _ reducer: Reducer<Stored.Computed>) {
        guard geometry.lane.input != 1, let split = SplitColumns(geometry) else { return nil }
        middle = GatherKernel(split.middle, reducer)
        edges = split.edges.map { GatherKernel($0, reducer) }
        columnCount = split.columnCount
    }

    func forward(
        _ planes: Range<Int>, input: UnsafePointer<Stored>, output: UnsafeMutablePointer<Stored>,
        indices: UnsafeMutablePointer<Int64>?
    ) -> DataFault? {
        let windows = planes.lowerBound * columnCount..<planes.upperBound * columnCount
        let faults = [
            middle.forward(windows, input: input, output: output, indices: indices),
            edges?.forward(planes, input: input, output: output, indices: indices),
        ]
        return faults.compactMap { $0 }.min { $0.output < $1.output }
    }
}
