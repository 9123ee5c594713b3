/// Spatial pyramid pooling: the bins of several levels in one vector a sample.
struct PyramidRegion: Region {
    static let descriptor = RegionDescriptor(
        "pyramid",
        parameters: [
            ParameterDescriptor(
                "levels", "list", "bins along each dimension, for each level (required), such as [1,2,4]")
        ],
        summary: "adaptive bins of each level, flattened one level after the other",
        source: "He et al. 2014 (Spatial Pyramid Pooling)")

    let levels: [Int]

    init(_ reader: inout FieldReader) throws(PoolingRefusal) {
        guard let levels = try reader.takeIntegers("levels", in: 1...FieldNames.largestExtent) else {
            throw reader.refusal(
                .missingField, at: "levels",
                "'levels' is missing: bins along each dimension of each level, such as [1,2,4]")
        }
        guard !levels.isEmpty else { throw reader.refusal(.wrongLength, at: "levels", "'levels' must not be empty") }
        self.levels = levels
    }

    func outputShape(_ axes: PooledAxes, reader: FieldReader) throws(PoolingRefusal) -> [Int] {
        let kept = axes.kept
        guard kept.count <= 2 else {
            throw reader.refusal(
                .wrongRank, at: "input",
                "a pyramid takes at most a batch and a channel axis beside the spatial ones, not \(kept.count) axes")
        }
        let channels = axes.channel.map { axes.shape[$0] } ?? 1
        let bins = levels.reduce(0) { total, level in
            let bins = Array(repeating: level, count: axes.pooled.count).checkedProduct ?? .max
            return total.addingSaturating(bins)
        }
        let length = channels.multipliedSaturating(by: bins)
        return (kept.count == 2 ? [axes.shape[kept[0]]] : []) + [length]
    }

    func geometry(_ axes: PooledAxes, _ context: GeometryContext) -> WindowGeometry {
        let indexing = axes.indexScheme(context)
        let inputStrides = axes.shape.rowMajorStrides
        let channels = axes.channel.map { axes.shape[$0] } ?? 1
        var blocks: [WindowBlock] = []
        var base = 0
        var channelSteps: [Int] = []
        for level in levels {
            let bins = Array(repeating: level, count: axes.pooled.count)
            let count = bins.reduce(1, *)
            // Within a level the bins of a channel stand together, or with channels last the channels of a bin.
            let binStep = axes.isChannelsLast ? channels : 1
            channelSteps.append(axes.isChannelsLast ? 1 : count)
            blocks.append(
                WindowBlock(
                    axes: zip(axes.extents, bins).map { AxisTaps.adaptive($0, output: $1) }, outputBase: base,
                    inputStrides: axes.pooled.map { inputStrides[$0] },
                    indexStrides: axes.pooled.map { indexing.numberSteps[$0] },
                    outputStrides: bins.rowMajorStrides.map { $0 * binStep }))
            base += count * channels
        }
        return planes(axes, context, indexing, blocks: blocks, channelSteps: channelSteps, sampleLength: base)
    }

    /// The step from channel to channel differs from level to level, so each channel has blocks of its own.
    private func planes(
        _ axes: PooledAxes, _ context: GeometryContext, _ indexing: IndexScheme, blocks: [WindowBlock],
        channelSteps: [Int], sampleLength: Int
    ) -> WindowGeometry {
        let inputStrides = axes.shape.rowMajorStrides
        var geometry = WindowGeometry(
            levels: [], groups: [], blocks: [], inputShape: axes.shape, outputShape: context.outputShape,
            indexing: indexing)
        let channels = axes.channel.map { axes.shape[$0] } ?? 1
        let batch = axes.kept.count == 2 ? axes.kept[0] : nil
        if let channel = axes.channel {
            // The channel level comes first, so that the planes of one channel are a range.
            geometry.levels.append(
                PlaneLevel(
                    count: channels, input: inputStrides[channel], output: 0, index: indexing.numberSteps[channel],
                    channel: 1))
        }
        let samples = batch.map { axes.shape[$0] } ?? 1
        if let batch {
            geometry.levels.append(
                PlaneLevel(
                    count: samples, input: inputStrides[batch], output: sampleLength,
                    index: indexing.numberSteps[batch], channel: 0))
        }
        for channel in 0..<channels {
            let first = geometry.blocks.count
            for (block, step) in zip(blocks, channelSteps) {
                var moved = block
                moved.outputBase += channel * step
                geometry.blocks.append(moved)
            }
            geometry.groups.append(
                WindowGroup(
                    planes: channel * samples..<(channel + 1) * samples, blocks: first..<geometry.blocks.count))
        }
        return geometry
    }
}
