extension TensorName {
    package static let lengths = TensorName("lengths", .int64, rank: 1, decidesShapes: true)
}

/// Steps of sequences, all or those that a mask or a length lets take part; the time axis is pooled away.
struct SequenceRegion: Region {
    static let descriptor = RegionDescriptor(
        "sequence",
        parameters: [
            ParameterDescriptor(.mask, "[N, T] of true/false or 0/1: the steps that take part"),
            ParameterDescriptor(
                .lengths, "alternative, [N]: the number of steps that take part, from the first", excludes: ["mask"],
                otherNames: [
                    "length", "seqlen", "seqlens", "seqlength", "seqlengths", "sequencelength", "sequencelengths",
                    "inputlengths",
                ]),
            Layer.emptyValueParameter,
        ],
        summary: "[N, T, D] to [N, D]: the steps of each sequence",
        source: "sentence-transformers Pooling; tf.keras.layers.GlobalAveragePooling1D with a mask",
        otherNames: ["tokens", "token", "temporal", "time", "seq", "text"])

    private let mask: Tensor?
    private let lengths: Tensor?

    static let capabilities = RegionCapabilities(hasSpatialAxes: false, hasKernel: true, canBeEmpty: true)

    init(_ reader: inout FieldReader, for op: any PoolingOp.Type) throws(PoolingError) {
        mask = try reader.takeBooleans(.mask)
        lengths = try reader.takeIntegerTensor(.lengths)
        if mask != nil, lengths != nil {
            throw reader.rejection(
                .unsupportedCombination, at: "lengths",
                "'lengths' and 'mask' exclude each other; leave out one of them")
        }
    }

    func pooledAxes(
        _ choice: AxisChoice, shape: [Int], reader: FieldReader
    ) throws(PoolingError) -> PooledAxes {
        guard shape.count == 2 || shape.count == 3 else {
            throw PoolingError(
                .wrongRank, at: reader.inputPointer, "sequences are [T, D] or [N, T, D], not of rank \(shape.count)")
        }
        let axes = PooledAxes(
            shape: shape, pooled: [shape.count - 2], channel: shape.count - 1, batch: shape.count == 3 ? 0 : nil,
            isChannelsLast: true, isNamed: false)
        try axes.requireElements(at: reader.inputPointer)
        try checkSteps(axes, reader)
        return axes
    }

    /// A step's features, where there is one sequence alone as well.
    func channelAxis(of axes: PooledAxes, outputRank: Int) -> Int? { outputRank - 1 }

    func outputShape(_ axes: PooledAxes, reader: FieldReader) -> [Int] {
        axes.kept.map { axes.shape[$0] }
    }

    func kernel(_ axes: PooledAxes) -> [Int]? { axes.extents }

    func windows(_ axes: PooledAxes, _ context: GeometryContext) throws(PoolingError) -> LayerWindows {
        let frame = frame(axes, context)
        guard let steps = selection else { return .whole([frame]) }
        let cancellation = context.reader.cancellation
        if context.readsEdges, let joined = try joined(frame, axes, cancellation) { return .whole([joined]) }
        let (length, sequences) = (axes.extents[0], axes.batch.map { axes.shape[$0] } ?? 1)
        let width = axes.shape.last ?? 1
        let windows = sequences.multipliedSaturating(by: width)
        // Plans that depend on the elements of a tensor serve one request.
        return .parts(
            WindowParts(
                count: sequences, inputShape: frame.inputShape, outputShape: frame.outputShape,
                indexing: frame.indexing, taps: windows.multipliedSaturating(by: length), windows: windows,
                largestWindow: length, planeCount: width, sharesInput: false,
                ownElements: length.multipliedSaturating(by: width),
                tableByteCount: mask == nil ? 0 : 4 * length, shareCount: 1
            ) { (sequence) throws(PoolingError) in
                var part = frame
                let run = frame.run(at: sequence * width, count: 1)
                (part.inputBase, part.outputBase, part.indexBase) = (run.input, run.output, run.index)
                part.channelBase = run.channel
                part.levels = Array(frame.levels.suffix(1))
                part.axes = [try steps.taps(ofSequence: sequence, length: length, cancellation)]
                return part
            })
    }

    /// All sequences at once, as runs of rows, for work that takes no longer than making a geometry for each; nil where a
    /// mask selects steps, or there is one sequence.
    private func joined(
        _ frame: WindowGeometry, _ axes: PooledAxes, _ cancellation: Cancellation?
    ) throws(PoolingError) -> WindowGeometry? {
        guard let lengths, axes.batch != nil else { return nil }
        let (length, sequences) = (axes.extents[0], lengths.count)
        let rows = length.multipliedSaturating(by: sequences)
        guard rows <= Int32.max else { return nil }
        let bounds = try Tensor(allocating: .int32, shape: [2 * sequences])
        try bounds.withMutableElements(as: Int32.self) { (bounds) throws(PoolingError) in
            try lengths.forEachInteger(cancellation) { sequence, count in
                bounds[2 * sequence] = Int32(truncatingIfNeeded: sequence * length)
                bounds[2 * sequence + 1] = Int32(truncatingIfNeeded: sequence * length + count)
            }
        }
        var joined = frame
        joined.outputStrides = [joined.levels.removeFirst().output]
        joined.axes = [
            AxisTaps(
                pattern: .groups(RowGroups(bounds: bounds, step: 2, count: sequences)), input: rows, output: sequences,
                kernel: rows)
        ]
        return joined
    }

    private func frame(_ axes: PooledAxes, _ context: GeometryContext) -> WindowGeometry {
        let indexing = axes.indexScheme(context)
        let inputStrides = axes.shape.rowMajorStrides
        let outputStrides = context.outputShape.rowMajorStrides
        let levels = axes.kept.enumerated().map { outputAxis, axis in
            PlaneLevel(
                count: axes.shape[axis], input: inputStrides[axis], output: outputStrides[outputAxis],
                index: indexing.numberSteps[axis], channel: axis == axes.axis(of: context.variation) ? 1 : 0)
        }
        return WindowGeometry(
            levels: levels, axes: axes.extents.map(AxisTaps.whole), inputStrides: axes.pooled.map { inputStrides[$0] },
            indexStrides: axes.pooled.map { indexing.numberSteps[$0] }, outputStrides: [0], inputShape: axes.shape,
            outputShape: context.outputShape, indexing: indexing)
    }

    /// Rejects a mask or lengths that do not belong to these sequences.
    private func checkSteps(_ axes: PooledAxes, _ reader: FieldReader) throws(PoolingError) {
        let (steps, shape) = (axes.extents[0], axes.batch.map { [axes.shape[$0]] } ?? [])
        if let mask { try reader.require(shape + [steps], of: mask, .mask, "one entry per step") }
        guard let lengths else { return }
        try reader.require(shape, of: lengths, .lengths, "one length per sequence")
        if let wrong = try reader.firstIndex(in: lengths, where: { !(0...steps).contains(lengths.integer(at: $0)) }) {
            throw reader.rejection(
                .outOfRange, at: "lengths",
                "length \(wrong) is \(lengths.integer(at: wrong)); it must be from 0 to \(steps), the steps of a "
                    + "sequence")
        }
    }

    /// The steps that take part; nil for all.
    private var selection: StepSelection? { lengths.map(StepSelection.lengths) ?? mask.map(StepSelection.mask) }
}

/// The steps of each sequence that take part.
private enum StepSelection: Sendable {
    case lengths(Tensor)
    case mask(Tensor)

    func taps(
        ofSequence sequence: Int, length: Int, _ cancellation: Cancellation?
    ) throws(PoolingError) -> AxisTaps {
        switch self {
        case .lengths(let lengths): return .prefix(lengths.integer(at: sequence), of: length)
        case .mask(let mask):
            let first = sequence * length
            let steps = try RowGroups(count: length, cancellation) { mask.integer(at: first + $0) == 1 }
            return AxisTaps(pattern: .groups(steps), input: length, output: 1, kernel: length)
        }
    }
}
