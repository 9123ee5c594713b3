/// Bins of regions of interest that are sampled between elements, without quantization.
struct RoIAlignRegion: BoxRegion {
    static let descriptor = RegionDescriptor(
        "roi_align",
        parameters: RegionsOfInterest.parameters + [
            ParameterDescriptor(
                "sampling_ratio", "integer", default: .number(FieldNumber(0)),
                "samples along each axis of a bin; 0: one per cell",
                otherNames: ["sampling", "sampleratio", "samplesperbin", "samplingpoints", "samplingrate", "samples"]),
            ParameterDescriptor(
                "aligned", "boolean", default: .bool(false),
                "shift by half a cell, so that coordinates refer to the centres of cells",
                otherNames: ["halfpixel", "align", "coordinatetransformationmode"]),
            ParameterDescriptor(
                "sample_max", "string", values: SampleMax.allCases.map(\.rawValue), default: .string("bilinear"),
                "with max: the largest interpolated sample, or the largest weighted corner (the ONNX node test)"),
        ],
        summary: "bilinear samples of boxes: [K, C, oh, ow]",
        source: "He et al. 2017 (Mask R-CNN); torchvision.ops.roi_align, ONNX RoiAlign",
        otherNames: ["psroialign"], otherNamesOfOps: ["avg": ["roialign"]])

    /// What `max` compares.
    enum SampleMax: String, CaseIterable, Sendable {
        case bilinear, corners
    }

    /// More samples per dimension of a bin show no more of an image.
    private static let largestRatio = 512

    let regions: RegionsOfInterest
    let sampleMax: SampleMax
    private let samplingRatio: Int
    private let isAligned: Bool

    static let capabilities = RegionCapabilities(isSampled: true)

    init(_ reader: inout FieldReader, for op: any PoolingOp.Type) throws(PoolingError) {
        samplingRatio = try reader.takeInteger("sampling_ratio", in: 0...FieldNames.largestExtent) ?? 0
        guard samplingRatio <= Self.largestRatio else {
            throw PoolingError(
                .workTooLarge, at: reader.pointer("sampling_ratio"),
                "sampling_ratio is \(samplingRatio); it must be from 0 to \(Self.largestRatio)")
        }
        isAligned = try reader.takeBool("aligned", default: false)
        sampleMax = op.comparesSamples ? try reader.takeCase("sample_max", default: SampleMax.bilinear) : .bilinear
        regions = try RegionsOfInterest(&reader)
    }

    func windows(_ axes: PooledAxes, _ context: GeometryContext) throws(PoolingError) -> LayerWindows {
        let (frame, extents, regions) = (regions.frame(axes, context), axes.extents, regions)
        let (offset, isAligned, samplingRatio) = (isAligned ? 0.5 : 0, isAligned, samplingRatio)
        return .sampled(
            try SampledGeometry(
                frame: frame, boxCount: regions.count, bins: regions.bins, inputShape: axes.shape,
                outputShape: context.outputShape, comparesCorners: sampleMax == .corners,
                context.reader
            ) { number in
                let box = regions.box(number)
                func axis(_ first: Double, _ last: Double, _ axis: Int) -> SampleAxis {
                    // Without `aligned` a box is at least one element wide, as the first implementations had it.
                    let size = isAligned ? last - first : max(last - first, 1)
                    return SampleAxis(
                        extent: extents[axis], bins: regions.bins[axis], start: first - offset, size: size,
                        samplingRatio: samplingRatio)
                }
                return SampledGeometry.Box(
                    rows: axis(box.y1, box.y2, 0), columns: axis(box.x1, box.x2, 1),
                    sample: box.batch, inputBase: box.batch * frame.batchInput, outputBase: number * frame.boxOutput)
            })
    }
}
