/// Quantized bins of regions of interest: RoIPool with `max`, PSROIPool with `avg` and `position_sensitive`.
///
/// Corners are rounded half away from zero, and bins computed in exact integers, clipped to the plane.
struct RoIRegion: Region {
    static let descriptor = RegionDescriptor(
        "roi", parameters: RegionsOfInterest.parameters,
        summary: "quantized bins of boxes: [K, C, oh, ow]",
        source: "Girshick 2015 (RoIPool), Dai et al. 2016 (PSROIPool); torchvision.ops.roi_pool")

    private let regions: RegionsOfInterest

    init(_ reader: inout FieldReader) throws(PoolingRefusal) { regions = try RegionsOfInterest(&reader) }

    var lists: [(name: String, length: Int)] { regions.lists }

    func pooledAxes(
        _ choice: AxisChoice, shape: [Int], reader: FieldReader
    ) throws(PoolingRefusal) -> PooledAxes {
        try regions.pooledAxes(choice, shape: shape, reader: reader)
    }

    func outputShape(_ axes: PooledAxes, reader: FieldReader) throws(PoolingRefusal) -> [Int] {
        try regions.outputShape(axes, reader: reader)
    }

    func geometry(_ axes: PooledAxes, _ context: GeometryContext) -> WindowGeometry {
        let frame = regions.frame(axes, context)
        let blocks = regions.boxes.enumerated().map { number, box in
            WindowBlock(
                axes: [
                    bins(box.y1, box.y2, count: regions.bins[0], extent: axes.extents[0]),
                    bins(box.x1, box.x2, count: regions.bins[1], extent: axes.extents[1]),
                ],
                inputBase: box.batch * frame.batchInput, outputBase: number * frame.boxOutput,
                indexBase: box.batch * frame.batchIndex, inputStrides: frame.inputStrides,
                indexStrides: frame.indexStrides, outputStrides: frame.outputStrides, binStrides: frame.binStrides,
                binIndexStrides: frame.binIndexStrides)
        }
        return WindowGeometry(
            levels: [frame.level], groups: [WindowGroup(planes: 0..<frame.channels, blocks: 0..<blocks.count)],
            blocks: blocks, inputShape: axes.shape, outputShape: context.outputShape, allowsEmpty: true,
            indexing: frame.indexing)
    }

    private func bins(_ first: Double, _ last: Double, count: Int, extent: Int) -> AxisTaps {
        let start = Int(first.rounded(.toNearestOrAwayFromZero))
        let end = Int(last.rounded(.toNearestOrAwayFromZero))
        let size = max(end - start + (regions.isPositionSensitive ? 0 : 1), 1)
        return .bins(of: size, count: count, from: start, input: extent)
    }
}
