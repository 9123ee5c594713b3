extension TensorName {
    package static let offsets = TensorName("offsets", .int64, rank: 1, decidesShapes: true)
    package static let spans = TensorName("spans", .int64, rank: 2, decidesShapes: true)
    package static let members = TensorName("members", .int64, rank: 1, decidesShapes: true)
}

/// Any sets of rows: spans of tokens, compressed rows, embedding bags.
struct BagsRegion: Region {
    static let descriptor = RegionDescriptor(
        "bags",
        parameters: [
            ParameterDescriptor(.offsets, "[B+1]: bag b is rows offsets[b] up to offsets[b+1]"),
            ParameterDescriptor(
                .spans,
                "alternative, [B, 2]: start and end of each bag, in any order; "
                    + "[B, 3] with the batch first, over [N, T, ...]"),
            ParameterDescriptor(
                .members,
                "alternative, [M], with offsets into it: bag b is rows members[offsets[b]..<offsets[b+1]]"),
            Layer.emptyValueParameter,
        ],
        summary: "[T, ...] to [B, ...]: any rows of each bag, as often as they are named",
        source: "torch.nn.EmbeddingBag, torch.segment_reduce; span pooling, late chunking",
        otherNames: ["bag", "embeddingbag", "ragged", "spans", "csr"])

    static let capabilities = RegionCapabilities(
        hasSpatialAxes: false, hasKernel: true, numbersSamples: false, canBeEmpty: true)

    private let bags: Bags

    init(_ reader: inout FieldReader, for op: any PoolingOp.Type) throws(PoolingError) {
        bags = try Bags(&reader)
    }

    func pooledAxes(
        _ choice: AxisChoice, shape: [Int], reader: FieldReader
    ) throws(PoolingError) -> PooledAxes {
        let leading = bags.areBatched ? 2 : 1
        guard shape.count >= leading else {
            throw PoolingError(
                .wrongRank, at: reader.inputPointer,
                bags.areBatched
                    ? "spans with a batch need an input [N, T, ...], not one of rank \(shape.count)"
                    : "bags need rows, and the input is a single number")
        }
        // Rows of all batches are numbered one after the other.
        let rows = shape[..<leading].reduce(1) { $0.multipliedSaturating(by: $1) }
        let rest = shape[leading...]
        let axes = PooledAxes(
            shape: [rows] + rest, pooled: [0], channel: rest.isEmpty ? nil : rest.count, batch: nil,
            isChannelsLast: true, isNamed: false, joined: bags.areBatched ? Array(shape[..<leading]) : [])
        try PooledAxes.requireElements(shape, behind: leading, at: reader.inputPointer)
        try bags.check(rows: shape[leading - 1], batches: bags.areBatched ? shape[0] : 1, reader)
        return axes
    }

    func outputShape(_ axes: PooledAxes, reader: FieldReader) -> [Int] { axes.shape(pooledTo: [bags.count]) }

    func kernel(_ axes: PooledAxes) -> [Int]? {
        bags.members?.shape ?? (axes.joined.isEmpty ? axes.extents : axes.joined)
    }

    func windows(_ axes: PooledAxes, _ context: GeometryContext) throws(PoolingError) -> LayerWindows {
        let frame = WindowGeometry.inPlace(axes, taps: [.whole(axes.extents[0])], context)
        let (bags, rows, planes) = (bags, axes.extents[0], frame.planeCount)
        let rowsPerBatch = axes.joined.last ?? rows
        let size = bags.size
        let perPart = max((bags.count + Self.mostParts - 1) / Self.mostParts, Self.fewestBags)
        let partCount = (bags.count + perPart - 1) / perPart
        return .parts(
            WindowParts(
                count: partCount, inputShape: frame.inputShape, outputShape: frame.outputShape,
                indexing: frame.indexing, taps: planes.multipliedSaturating(by: size.total),
                windows: planes.multipliedSaturating(by: bags.count), largestWindow: size.largest, planeCount: planes,
                sharesInput: partCount > 1, tableByteCount: bags.tableByteCount(perPart),
                shareCount: bags.mayRepeat ? size.total : 1
            ) { (number) throws(PoolingError) in
                let range = number * perPart..<min((number + 1) * perPart, bags.count)
                var part = frame
                part.outputBase += range.lowerBound * frame.outputStrides[0]
                part.axes = [
                    AxisTaps(
                        pattern: .groups(try bags.groups(range, rows: rowsPerBatch)), input: rows, output: range.count,
                        kernel: bags.members?.count ?? rows)
                ]
                part.mergeLevels()
                return part
            })
    }

    /// Bags are cut into no more parts than these, and into none of fewer bags.
    private static let mostParts = 64
    private static let fewestBags = 256
}
