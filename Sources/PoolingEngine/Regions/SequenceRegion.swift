/// Steps of sequences, all or those that a mask or a length lets take part; the time axis is pooled away.
struct SequenceRegion: Region {
    static let descriptor = RegionDescriptor(
        "sequence",
        parameters: [
            ParameterDescriptor("mask", "tensor", "[N, T] of true/false or 0/1: the steps that take part"),
            ParameterDescriptor("lengths", "tensor", "or [N]: how many steps take part, from the first"),
        ],
        summary: "[N, T, D] to [N, D]: the steps of each sequence",
        source: "sentence-transformers Pooling; tf.keras.layers.GlobalAveragePooling1D with a mask")

    private let mask: Tensor?
    private let lengths: Tensor?

    init(_ reader: inout FieldReader) throws(PoolingRefusal) {
        mask = try reader.takeIntegerTensor(.mask)
        lengths = try reader.takeIntegerTensor(.lengths)
        if mask != nil, lengths != nil {
            throw reader.refusal(.unsupportedCombination, at: "lengths", "'lengths' and 'mask' exclude each other")
        }
    }

    func pooledAxes(
        _ choice: AxisChoice, shape: [Int], reader: FieldReader
    ) throws(PoolingRefusal) -> PooledAxes {
        guard shape.count == 2 || shape.count == 3 else {
            throw reader.refusal(
                .wrongRank, at: "input", "sequences are [T, D] or [N, T, D], not of rank \(shape.count)")
        }
        let axes = PooledAxes(
            shape: shape, pooled: [shape.count - 2], channel: shape.count - 1, batch: shape.count == 3 ? 0 : nil,
            isChannelsLast: true, isNamed: false)
        try axes.requireElements(at: reader.pointer("input"))
        return axes
    }

    func outputShape(_ axes: PooledAxes, reader: FieldReader) -> [Int] {
        axes.kept.map { axes.shape[$0] }
    }

    func geometry(_ axes: PooledAxes, _ context: GeometryContext) throws(PoolingRefusal) -> WindowGeometry {
        let steps = axes.extents[0]
        let sequences = axes.batch.map { axes.shape[$0] } ?? 1
        var geometry = frame(axes, context)
        let taps = try self.taps(steps: steps, sequences: sequences, axes, context.reader)
        let width = geometry.planeCount / max(taps.count, 1)
        for (sequence, taps) in taps.enumerated() {
            geometry.blocks.append(
                WindowBlock(
                    axes: [taps], inputStrides: [axes.shape[axes.shape.count - 1]],
                    indexStrides: [geometry.indexing.numberSteps[axes.pooled[0]]], outputStrides: [0]))
            geometry.groups.append(
                WindowGroup(planes: sequence * width..<(sequence + 1) * width, blocks: sequence..<sequence + 1))
        }
        geometry.allowsEmpty = true
        return geometry
    }

    private func frame(_ axes: PooledAxes, _ context: GeometryContext) -> WindowGeometry {
        let indexing = axes.indexScheme(context)
        let inputStrides = axes.shape.rowMajorStrides
        let outputStrides = context.outputShape.rowMajorStrides
        let levels = axes.kept.enumerated().map { place, axis in
            PlaneLevel(
                count: axes.shape[axis], input: inputStrides[axis], output: outputStrides[place],
                index: indexing.numberSteps[axis], channel: 0)
        }
        return WindowGeometry(
            levels: levels, groups: [], blocks: [], inputShape: axes.shape, outputShape: context.outputShape,
            indexing: indexing)
    }

    /// One table for all sequences, or one for each.
    private func taps(
        steps: Int, sequences: Int, _ axes: PooledAxes, _ reader: FieldReader
    ) throws(PoolingRefusal) -> [AxisTaps] {
        let shape = axes.batch == nil ? [] : [sequences]
        if let lengths {
            try reader.require(shape, of: lengths, .lengths, "one length for each sequence")
            let lengths = lengths.integers
            if let wrong = lengths.firstIndex(where: { !(0...steps).contains($0) }) {
                throw reader.refusal(
                    .outOfRange, at: "lengths",
                    "length \(wrong) is \(lengths[wrong]), and a sequence has \(steps) steps")
            }
            return lengths.map { length in
                AxisTaps(pattern: .ranges(starts: [0], ends: [length]), input: steps, output: 1, kernel: steps)
            }
        }
        guard let mask else { return [.whole(steps)] }
        try reader.require(shape + [steps], of: mask, .mask, "one entry for each step")
        let marks = mask.integers
        if let wrong = marks.firstIndex(where: { $0 != 0 && $0 != 1 }) {
            throw reader.refusal(.outOfRange, at: "mask", "entry \(wrong) is \(marks[wrong]) and must be 0 or 1")
        }
        return (0..<sequences).map { sequence in
            let sources = (0..<steps).filter { marks[sequence * steps + $0] == 1 }
            return AxisTaps(
                pattern: .listed(offsets: [0, sources.count], sources: sources), input: steps, output: 1, kernel: steps)
        }
    }
}
