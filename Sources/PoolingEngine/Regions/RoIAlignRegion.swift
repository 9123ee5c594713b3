/// Bins of regions of interest that are sampled between elements, without quantization.
struct RoIAlignRegion: Sendable {
    static let descriptor = RegionDescriptor(
        "roi_align",
        parameters: RegionsOfInterest.parameters + [
            ParameterDescriptor(
                "sampling_ratio", "integer", default: .number(FieldNumber(0)),
                "samples along each dimension of a bin; 0: one an element"),
            ParameterDescriptor(
                "aligned", "boolean", default: .bool(false), "shift by half an element, as the centres of elements ask"),
            ParameterDescriptor(
                "sample_max", "string", values: SampleMax.allCases.map(\.rawValue), default: .string("bilinear"),
                "with max: the largest interpolated sample, or the largest weighted corner (the ONNX node test)"),
        ],
        summary: "bilinear samples of boxes: [K, C, oh, ow]",
        source: "He et al. 2017 (Mask R-CNN); torchvision.ops.roi_align, ONNX RoiAlign")

    /// What `max` compares.
    enum SampleMax: String, CaseIterable, Sendable {
        case bilinear, corners
    }

    let regions: RegionsOfInterest
    let sampleMax: SampleMax
    private let samplingRatio: Int
    private let isAligned: Bool

    init(_ reader: inout FieldReader, takesMaximum: Bool) throws(PoolingRefusal) {
        samplingRatio = try reader.takeInteger("sampling_ratio", in: 0...FieldNames.largestExtent) ?? 0
        isAligned = try reader.takeBool("aligned", default: false)
        sampleMax = takesMaximum ? try reader.takeCase("sample_max", default: SampleMax.bilinear) : .bilinear
        regions = try RegionsOfInterest(&reader)
    }

    func geometry(_ axes: PooledAxes, _ context: GeometryContext) -> SampledGeometry {
        let frame = regions.frame(axes, context)
        let boxes = regions.boxes.enumerated().map { number, box in
            SampledGeometry.Box(
                rows: samples(box.y1, box.y2, bins: regions.bins[0], extent: axes.extents[0]),
                columns: samples(box.x1, box.x2, bins: regions.bins[1], extent: axes.extents[1]),
                inputBase: box.batch * frame.batchInput, outputBase: number * frame.boxOutput)
        }
        return SampledGeometry(
            frame: frame, boxes: boxes, inputShape: axes.shape, outputShape: context.outputShape)
    }

    /// Without `aligned` a box is at least one element wide, as the first implementations had it.
    private func samples(_ first: Double, _ last: Double, bins: Int, extent: Int) -> SampleAxis {
        let offset = isAligned ? 0.5 : 0
        let size = isAligned ? last - first : max(last - first, 1)
        let binSize = size / Double(bins)
        let grid = samplingRatio > 0 ? samplingRatio : max(Int(binSize.rounded(.up)), 0)
        return SampleAxis(extent: extent, bins: bins, start: first - offset, binSize: binSize, grid: grid)
    }
}
