/// Spatial pyramid pooling: the bins of several levels in one vector a sample.
struct PyramidRegion: Region {
    static let descriptor = RegionDescriptor(
        "pyramid",
        parameters: [
            ParameterDescriptor(
                "levels", "list", "bins along each axis, per level (required), such as [1,2,4]",
                lists: .plannedPerEntry,
                otherNames: [
                    "bins", "pyramidlevels", "pyramidheight", "numlevels", "poollist", "binsizes", "spplevels",
                ]),
            ElementMask.parameter, Layer.emptyValueParameter,
        ],
        summary: "adaptive bins of each level, flattened one level after the other",
        source: "He et al. 2014 (Spatial Pyramid Pooling)",
        otherNames: ["spp", "spatialpyramid", "spatialpyramidpooling"],
        otherNamesOfOps: ["max": ["spp", "spatialpyramid", "spatialpyramidpooling"]])

    let levels: [Int]

    static let capabilities = RegionCapabilities(takesMask: true)

    /// Every level is planned by itself, which takes some 50 µs.
    private static let levelCounts = 1...1000

    init(_ reader: inout FieldReader, for op: any PoolingOp.Type) throws(PoolingError) {
        guard let levels = try reader.takeIntegers("levels", in: 1...FieldNames.largestExtent) else {
            throw reader.rejection(
                .missingField, at: "levels",
                "'levels' is missing: bins along each axis, per level, such as [1,2,4]")
        }
        guard Self.levelCounts.contains(levels.count) else {
            throw reader.rejection(
                .wrongLength, at: "levels",
                "'levels' has \(levels.count) entries; it must have from 1 to \(Self.levelCounts.upperBound)")
        }
        self.levels = levels
    }

    func outputShape(_ axes: PooledAxes, reader: FieldReader) throws(PoolingError) -> [Int] {
        let kept = axes.kept
        guard kept.count <= 2 else {
            throw reader.rejection(
                .wrongRank, at: "input",
                "a pyramid takes at most a batch and a channel axis in addition to the spatial axes, not "
                    + "\(kept.count) axes")
        }
        let channels = axes.channel.map { axes.shape[$0] } ?? 1
        let bins = levels.reduce(0) { total, level in
            let bins = Array(repeating: level, count: axes.pooled.count).checkedProduct ?? .max
            return total.addingSaturating(bins)
        }
        let length = channels.multipliedSaturating(by: bins)
        return (kept.count == 2 ? [axes.shape[kept[0]]] : []) + [length]
    }

    func channelAxis(of axes: PooledAxes, outputRank: Int) -> Int? {
        axes.channel == nil ? nil : outputRank - 1
    }

    func windows(_ axes: PooledAxes, _ context: GeometryContext) -> LayerWindows {
        let sampleLength = context.outputShape.last ?? 0
        var geometries: [WindowGeometry] = []
        var base = 0
        for level in levels {
            let geometry = geometry(of: level, from: base, sampleLength: sampleLength, axes, context)
            geometries.append(geometry)
            base += geometry.windowsPerPlane * (axes.channel.map { axes.shape[$0] } ?? 1)
        }
        return .whole(geometries)
    }

    /// The bins of one level, which begin at `base` in the vector of each sample.
    private func geometry(
        of level: Int, from base: Int, sampleLength: Int, _ axes: PooledAxes, _ context: GeometryContext
    ) -> WindowGeometry {
        let indexing = axes.indexScheme(context)
        let inputStrides = axes.shape.rowMajorStrides
        let bins = Array(repeating: level, count: axes.pooled.count)
        // Within a level the bins of a channel follow each other, or with channels last the channels of a bin.
        let binStep = axes.isChannelsLast ? axes.channel.map { axes.shape[$0] } ?? 1 : 1
        let channelStep = axes.isChannelsLast ? 1 : bins.reduce(1, *)
        let levels = axes.kept.map { axis in
            let isChannel = axis == axes.channel
            return PlaneLevel(
                count: axes.shape[axis], input: inputStrides[axis], output: isChannel ? channelStep : sampleLength,
                index: indexing.numberSteps[axis], channel: axis == axes.axis(of: context.variation) ? 1 : 0)
        }
        return WindowGeometry(
            levels: levels, axes: zip(axes.extents, bins).map { AxisTaps.adaptive($0, output: $1) }, outputBase: base,
            inputStrides: axes.pooled.map { inputStrides[$0] },
            indexStrides: axes.pooled.map { indexing.numberSteps[$0] },
            outputStrides: bins.rowMajorStrides.map { $0 * binStep }, inputShape: axes.shape,
            outputShape: context.outputShape, indexing: indexing)
    }
}
