/// Quantized bins of regions of interest: RoIPool with `max`, PSROIPool with `avg` and `position_sensitive`.
///
/// Corners are rounded half away from zero, and bins computed in exact integers, clipped to the plane.
struct RoIRegion: BoxRegion {
    static let descriptor = RegionDescriptor(
        "roi", parameters: RegionsOfInterest.parameters + [ElementMask.parameter, Layer.emptyValueParameter],
        summary: "quantized bins of boxes: [K, C, oh, ow]",
        source: "Girshick 2015 (RoIPool), Dai et al. 2016 (PSROIPool); torchvision.ops.roi_pool",
        otherNames: ["roipool", "roipooling", "box", "boxes", "rois", "psroi", "psroipool"],
        otherNamesOfOps: ["max": ["roipool", "roipooling", "maxroipool"]])

    let regions: RegionsOfInterest

    static let capabilities = RegionCapabilities(takesMask: true, canBeEmpty: true)

    init(_ reader: inout FieldReader, for op: any PoolingOp.Type) throws(PoolingError) {
        regions = try RegionsOfInterest(&reader)
    }

    func windows(_ axes: PooledAxes, _ context: GeometryContext) throws(PoolingError) -> LayerWindows {
        let frame = regions.frame(axes, context)
        let template = WindowGeometry(
            levels: [frame.level], axes: [], inputStrides: frame.inputStrides, indexStrides: frame.indexStrides,
            outputStrides: frame.outputStrides, binStrides: frame.binStrides, binIndexStrides: frame.binIndexStrides,
            inputShape: axes.shape, outputShape: context.outputShape, indexing: frame.indexing)
        let (counts, extents) = (regions.bins, axes.extents)
        @Sendable func part(_ number: Int) -> WindowGeometry {
            let box = regions.box(number)
            let bins = bins(of: box, counts: counts, extents: extents)
            var part = template
            part.axes = [bins.rows, bins.columns]
            part.inputBase = box.batch * frame.batchInput
            part.outputBase = number * frame.boxOutput
            part.indexBase = box.batch * frame.batchIndex
            return part
        }
        // There may be millions of boxes, so that no geometry is made of them here.
        var (taps, largest) = (0, 0)
        var shares: [Int: Int] = [:]
        for number in 0..<regions.count {
            try context.reader.checkpoint(at: number)
            let box = regions.box(number)
            let (rows, columns) = bins(of: box, counts: counts, extents: extents)
            if regions.count <= Self.mostShared {
                let share = rows.largestShareCount.multipliedSaturating(by: columns.largestShareCount)
                shares[box.batch] = (shares[box.batch] ?? 0).addingSaturating(share)
            }
            taps = taps.addingSaturating(rows.totalCount.multipliedSaturating(by: columns.totalCount))
            largest = max(largest, rows.largestCount.multipliedSaturating(by: columns.largestCount))
        }
        let windowsOfBox = template.planeCount.multipliedSaturating(by: counts.checkedProduct ?? .max)
        return .parts(
            WindowParts(
                count: regions.count, inputShape: axes.shape, outputShape: context.outputShape,
                indexing: frame.indexing, taps: taps.multipliedSaturating(by: template.planeCount),
                windows: windowsOfBox.multipliedSaturating(by: regions.count), largestWindow: largest,
                planeCount: frame.channels, sharesInput: true,
                samples: WindowParts.Samples(count: axes.shape[0]) { [regions] in regions.box($0).batch },
                shareCount: shares.values.max(), part: part))
    }

    /// Boxes whose shares of an element are counted; more are taken to overlap.
    private static let mostShared = 4096

    private func bins(
        of box: RegionsOfInterest.Box, counts: [Int], extents: [Int]
    ) -> (rows: AxisTaps, columns: AxisTaps) {
        (
            bins(box.y1, box.y2, count: counts[0], input: extents[0]),
            bins(box.x1, box.x2, count: counts[1], input: extents[1])
        )
    }

    private func bins(_ first: Double, _ last: Double, count: Int, input: Int) -> AxisTaps {
        let start = Int(first.rounded(.toNearestOrAwayFromZero))
        let end = Int(last.rounded(.toNearestOrAwayFromZero))
        let size = max(end - start + (regions.isPositionSensitive ? 0 : 1), 1)
        return .bins(of: size, count: count, from: start, input: input)
    }
}
