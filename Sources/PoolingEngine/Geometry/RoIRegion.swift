/// Quantized bins of regions of interest: RoIPool with `max`, PSROIPool with `avg` and `position_sensitive`.
///
/// Corners are rounded half away from zero, and bins computed in exact integers, clipped to the plane.
struct RoIRegion: BoxRegion {
    static let descriptor = RegionDescriptor(
        "roi", parameters: RegionsOfInterest.parameters + [ElementMask.parameter, Layer.emptyValueParameter],
        summary: "quantized bins of boxes: [K, C, oh, ow]",
        source: "Girshick 2015 (RoIPool), Dai et al. 2016 (PSROIPool); torchvision.ops.roi_pool")

    let regions: RegionsOfInterest

    static let capabilities = RegionCapabilities(takesMask: true, canBeEmpty: true)

    init(_ reader: inout FieldReader, for op: any PoolingOp.Type) throws(PoolingRefusal) {
        regions = try RegionsOfInterest(&reader)
    }

    func windows(_ axes: PooledAxes, _ context: GeometryContext) -> LayerWindows {
        let frame = regions.frame(axes, context)
        let template = WindowGeometry(
            levels: [frame.level], axes: [], inputStrides: frame.inputStrides, indexStrides: frame.indexStrides,
            outputStrides: frame.outputStrides, binStrides: frame.binStrides, binIndexStrides: frame.binIndexStrides,
            inputShape: axes.shape, outputShape: context.outputShape, indexing: frame.indexing)
        let (regions, extents) = (regions, axes.extents)
        @Sendable func part(_ number: Int) -> WindowGeometry {
            let box = regions.box(number)
            var part = template
            part.axes = [
                bins(box.y1, box.y2, count: regions.bins[0], extent: extents[0]),
                bins(box.x1, box.x2, count: regions.bins[1], extent: extents[1]),
            ]
            part.inputBase = box.batch * frame.batchInput
            part.outputBase = number * frame.boxOutput
            part.indexBase = box.batch * frame.batchIndex
            return part
        }
        var (taps, windows, largest) = (0, 0, 0)
        for number in 0..<regions.count {
            let part = part(number)
            taps = taps.addingSaturating(part.totalTaps)
            windows = windows.addingSaturating(part.windowCount)
            largest = max(largest, part.largestWindow)
        }
        return .parts(
            WindowParts(
                count: regions.count, inputShape: axes.shape, outputShape: context.outputShape,
                indexing: frame.indexing, taps: taps, windows: windows, largestWindow: largest,
                planeCount: frame.channels, sharesInput: true, part: part))
    }

    private func bins(_ first: Double, _ last: Double, count: Int, extent: Int) -> AxisTaps {
        let start = Int(first.rounded(.toNearestOrAwayFromZero))
        let end = Int(last.rounded(.toNearestOrAwayFromZero))
        let size = max(end - start + (regions.isPositionSensitive ? 0 : 1), 1)
        return .bins(of: size, count: count, from: start, input: extent)
    }
}
