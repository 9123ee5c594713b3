extension TensorName {
    package static let rois = TensorName("rois", .float64, rank: 2)
}

/// The parameters that both kinds of RoI pooling share.
struct RegionsOfInterest: Sendable {
    static let parameters = [
        ParameterDescriptor(
            .rois, "[K, 5]: batch, x1, y1, x2, y2 of each box (required)", lists: .plannedPerEntry,
            otherNames: ["boxes", "bbox", "bboxes", "proposals", "box"]),
        ParameterDescriptor(
            "output_size", "integer|list", "bins along height and width (required)", lists: .perAxis,
            otherNames: ["pooledsize", "cropsize", "pooledheight", "pooledwidth"]),
        ParameterDescriptor(
            "spatial_scale", "number", default: .number(FieldNumber(1)), "factor of the coordinates",
            otherNames: ["scale", "scalefactor"]),
        ParameterDescriptor(
            "position_sensitive", "boolean", default: .bool(false), "each bin reads its own channel"),
    ]

    /// Coordinates beyond this are rejected, so that bins stay exact integers.
    private static let largestCoordinate = Double(1 << 30)

    struct Box: Sendable {
        let batch: Int
        let x1: Double
        let y1: Double
        let x2: Double
        let y2: Double
    }

    /// How many boxes there are.
    let count: Int
    let outputSize: PerAxis<Int>
    let isPositionSensitive: Bool
    private let scale: Double
    /// [K, 5], checked; nil where only shapes are asked for.
    private let rois: Tensor?

    init(_ reader: inout FieldReader) throws(PoolingError) {
        guard let size = try reader.takePerAxisIntegers("output_size", in: 1...FieldNames.largestExtent) else {
            throw reader.rejection(
                .missingField, at: "output_size",
                "'output_size' is missing: bins along height and width, such as [7, 7]")
        }
        outputSize = size
        scale = try reader.takeNumber("spatial_scale", default: 1, "above 0") { $0 > 0 }
        isPositionSensitive = try reader.takeBool("position_sensitive", default: false)
        if reader.isShapeOnly, case .list(let rois) = reader.take(TensorName.rois.rawValue) {
            // A shape depends on nothing but how many boxes there are.
            (count, self.rois) = (rois.count, nil)
            return
        }
        guard let rois = try reader.takeFiniteTensor(.rois) else {
            throw reader.rejection(
                .missingField, at: "rois", "'rois' is missing: a list of [batch, x1, y1, x2, y2]")
        }
        count = rois.shape.first ?? 0
        if rois.shape != [0] { try Self.check(rois, scale: scale, reader) }
        self.rois = rois
    }

    private static func check(_ rois: Tensor, scale: Double, _ reader: FieldReader) throws(PoolingError) {
        guard rois.rank == 2, rois.shape[1] == 5 else {
            throw reader.rejection(
                .shapeMismatch, at: "rois", "'rois' has shape \(rois.shape); it must be [K, 5]: batch, x1, y1, x2, y2")
        }
        for roi in 0..<rois.shape[0] {
            try reader.checkpoint(at: roi)
            let batch = rois.double(at: roi * 5)
            guard batch >= 0, batch <= largestCoordinate, batch == batch.rounded() else {
                throw reader.rejection(
                    .outOfRange, at: "rois/\(roi)/0",
                    "the batch of box \(roi) is \(batch); it must be a whole number from 0")
            }
            guard (1..<5).allSatisfy({ abs(rois.double(at: roi * 5 + $0) * scale) <= largestCoordinate }) else {
                throw reader.rejection(
                    .outOfRange, at: "rois/\(roi)",
                    "a scaled coordinate of box \(roi) is beyond \(largestCoordinate)")
            }
        }
    }

    func box(_ number: Int) -> Box {
        guard let rois else { return Box(batch: 0, x1: 0, y1: 0, x2: 0, y2: 0) }
        func corner(_ column: Int) -> Double { rois.double(at: number * 5 + column) * scale }
        return Box(
            batch: Int(rois.double(at: number * 5)), x1: corner(1), y1: corner(2), x2: corner(3), y2: corner(4))
    }

    var lists: [(name: String, length: Int)] { outputSize.length.map { [("output_size", $0)] } ?? [] }

    /// Bins along height and width.
    var bins: [Int] { outputSize.expanded(to: 2) }

    /// The spatial axes of an input with exactly one batch and one channel axis.
    ///
    /// - Parameter region: its name, for messages.
    func pooledAxes(
        _ choice: AxisChoice, shape: [Int], of region: String, reader: FieldReader
    ) throws(PoolingError) -> PooledAxes {
        guard shape.count == 4 else {
            let axes = choice.isChannelsLast ? "[N, H, W, C]" : "[N, C, H, W]"
            throw PoolingError(
                .wrongRank, at: reader.inputPointer, "'\(region)' needs rank 4 \(axes); got rank \(shape.count)")
        }
        let axes = try choice.resolve(shape: shape, lists: lists, reader: reader)
        guard axes.pooled.count == 2 else {
            throw reader.rejection(.wrongRank, at: "dims", "regions of interest have two dimensions")
        }
        try axes.requireElements(at: reader.inputPointer)
        guard rois != nil else { return axes }
        for roi in 0..<count {
            try reader.checkpoint(at: roi)
            guard box(roi).batch >= shape[0] else { continue }
            throw reader.rejection(
                .outOfRange, at: "rois/\(roi)/0",
                "the batch of box \(roi) is \(box(roi).batch); it must be from 0 to \(shape[0] - 1)")
        }
        return axes
    }

    /// Channels of the input that bins of one output channel read.
    private var perOutputChannel: Int { isPositionSensitive ? bins.checkedProduct ?? .max : 1 }

    func outputChannels(_ axes: PooledAxes) -> Int {
        (axes.channel.map { axes.shape[$0] } ?? 1) / perOutputChannel
    }

    func outputShape(_ axes: PooledAxes, reader: FieldReader) throws(PoolingError) -> [Int] {
        let (channels, outputChannels) = (axes.channel.map { axes.shape[$0] } ?? 1, outputChannels(axes))
        guard channels % perOutputChannel == 0 else {
            throw reader.rejection(
                .shapeMismatch, at: "output_size",
                "position-sensitive bins need a multiple of \(perOutputChannel) channels, and the input has \(channels)"
            )
        }
        return axes.isChannelsLast ? [count] + bins + [outputChannels] : [count, outputChannels] + bins
    }

    /// How one box's planes lie in the input and the output.
    struct Frame {
        let indexing: IndexScheme
        /// Output channels.
        let channels: Int
        let level: PlaneLevel
        let inputStrides: [Int]
        let indexStrides: [Int]
        let outputStrides: [Int]
        let binStrides: [Int]
        let binIndexStrides: [Int]
        /// From batch to batch in the input and in the indices.
        let batchInput: Int
        let batchIndex: Int
        /// From box to box in the output.
        let boxOutput: Int
    }

    /// Bin (ph, pw) reads channel ph·ow + pw of its group.
    private func binSteps(_ channelStep: Int) -> [Int] {
        isPositionSensitive ? [bins[1] * channelStep, channelStep] : []
    }

    func frame(_ axes: PooledAxes, _ context: GeometryContext) -> Frame {
        let indexing = axes.indexScheme(context)
        let input = axes.shape.rowMajorStrides
        let output = context.outputShape.rowMajorStrides
        let channel = axes.channel ?? 0
        let outputChannel = axes.isChannelsLast ? 3 : 1
        let outputSpatial = axes.isChannelsLast ? [1, 2] : [2, 3]
        let perChannel = isPositionSensitive ? bins[0] * bins[1] : 1
        return Frame(
            indexing: indexing, channels: context.outputShape[outputChannel],
            level: PlaneLevel(
                count: context.outputShape[outputChannel], input: input[channel] * perChannel,
                output: output[outputChannel], index: indexing.numberSteps[channel] * perChannel,
                channel: context.variation == .channel ? 1 : 0),
            inputStrides: axes.pooled.map { input[$0] }, indexStrides: axes.pooled.map { indexing.numberSteps[$0] },
            outputStrides: outputSpatial.map { output[$0] },
            binStrides: binSteps(input[channel]), binIndexStrides: binSteps(indexing.numberSteps[channel]),
            batchInput: input[0], batchIndex: indexing.numberSteps[0], boxOutput: output[0])
    }
}
