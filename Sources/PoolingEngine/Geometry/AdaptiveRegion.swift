/// A given number of bins along each dimension, whatever the input's size.
struct AdaptiveRegion: Region {
    static let descriptor = RegionDescriptor(
        "adaptive",
        parameters: [
            ParameterDescriptor(
                "output_size", "integer|list", "bins along each axis (required); null keeps the size of the input",
                lists: .perAxis,
                otherNames: [
                    "outputshape", "outsize", "outputsizes", "targetsize", "targetshape", "outputdim", "bins",
                    "outputbins", "size", "poolsize", "outputheight", "outputwidth", "outheight", "outwidth",
                ]),
            ElementMask.parameter, Layer.emptyValueParameter,
        ],
        acceptsAxes: true,
        summary: "bin i covers floor(i*in/out) up to ceil((i+1)*in/out)",
        source: "torch.nn.AdaptiveMaxPool2d", otherNames: ["bins", "adaptiveavg", "adaptivemax"],
        otherNamesOfOps: [
            "max": ["adaptivemax", "adaptivemaxpool"], "avg": ["adaptiveavg", "adaptiveavgpool"],
        ])

    let outputSize: PerAxis<Int?>

    static let capabilities = RegionCapabilities(takesMask: true, hasInverse: true)

    init(_ reader: inout FieldReader, for op: any PoolingOp.Type) throws(PoolingError) {
        guard
            let size = try reader.takePerAxis("output_size", in: 1...FieldNames.largestExtent, allowsNull: true)
        else {
            throw reader.rejection(
                .missingField, at: "output_size", "'output_size' is missing: bins along each axis, such as [7, 7]")
        }
        outputSize = size
    }

    var lists: [(name: String, length: Int)] {
        outputSize.length.map { [("output_size", $0)] } ?? []
    }

    func outputShape(_ axes: PooledAxes, reader: FieldReader) -> [Int] {
        axes.shape(pooledTo: sizes(axes))
    }

    func windows(_ axes: PooledAxes, _ context: GeometryContext) -> LayerWindows {
        let taps = zip(axes.extents, sizes(axes)).map { AxisTaps.adaptive($0, output: $1) }
        return .whole([WindowGeometry.inPlace(axes, taps: taps, context)])
    }

    func report(_ axes: PooledAxes, _ reader: FieldReader) -> WindowReport? {
        WindowReport(equalBins: axes.extents, count: sizes(axes))
    }

    func inverse(along axis: Int, of count: Int) -> AxisInverse? {
        guard let bins = outputSize.entry(axis) else { return AxisInverse(output: { $0 }, accepts: { _ in true }) }
        return AxisInverse(output: { _ in bins }, accepts: { _ in true }, mostOutputs: bins)
    }

    private func sizes(_ axes: PooledAxes) -> [Int] {
        zip(axes.extents, outputSize.expanded(to: axes.pooled.count)).map { $1 ?? $0 }
    }
}
