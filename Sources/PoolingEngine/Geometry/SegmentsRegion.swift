extension TensorName {
    package static let segmentIDs = TensorName("segment_ids", .int64, rank: 1, decidesShapes: true)
}

/// Rows that share an id, in any order: pooling over the nodes of graphs, or ragged batches.
struct SegmentsRegion: Region {
    static let descriptor = RegionDescriptor(
        "segments",
        parameters: [
            ParameterDescriptor(
                .segmentIDs, "[T]: the segment of each row (required), in any order; a negative id drops its row",
                otherNames: ["segmentid", "ids", "batch", "index", "groups"]),
            ParameterDescriptor(
                "segments", "integer", "number of segments; default: the largest id + 1",
                otherNames: ["numsegments", "dimsize", "segmentcount"]),
            Layer.emptyValueParameter,
        ],
        summary: "[T, ...] to [segments, ...]: rows that share an id",
        source: "tf.math.unsorted_segment_sum, torch.segment_reduce, PyTorch Geometric aggregations",
        otherNames: ["segment", "scatter", "graph", "groups", "unsortedsegment"])

    private let ids: Tensor?
    private let segments: Int?

    static let capabilities = RegionCapabilities(hasSpatialAxes: false, hasKernel: true, canBeEmpty: true)

    init(_ reader: inout FieldReader, for op: any PoolingOp.Type) throws(PoolingError) {
        ids = try reader.takeIntegerTensor(.segmentIDs)
        segments = try reader.takeInteger("segments", in: 1...FieldNames.largestExtent)
        if ids == nil, segments == nil {
            throw reader.rejection(
                .missingField, at: "segment_ids", "'segment_ids' is missing: the segment of each row")
        }
    }

    func pooledAxes(
        _ choice: AxisChoice, shape: [Int], reader: FieldReader
    ) throws(PoolingError) -> PooledAxes {
        guard !shape.isEmpty else {
            throw PoolingError(
                .wrongRank, at: reader.inputPointer, "segments need rows, and the input is a single number")
        }
        let axes = PooledAxes(
            shape: shape, pooled: [0], channel: shape.count > 1 ? shape.count - 1 : nil, batch: nil,
            isChannelsLast: true, isNamed: false)
        try PooledAxes.requireElements(shape, behind: 1, at: reader.inputPointer)
        return axes
    }

    func kernel(_ axes: PooledAxes) -> [Int]? { axes.extents }

    func outputShape(_ axes: PooledAxes, reader: FieldReader) throws(PoolingError) -> [Int] {
        guard let ids else { return axes.shape(pooledTo: [segments ?? 0]) }
        try reader.require([axes.shape[0]], of: ids, .segmentIDs, "one id per row")
        let limit = segments ?? FieldNames.largestExtent
        var largest = -1
        try ids.forEachInteger(reader.cancellation) { largest = max(largest, $1) }
        if largest >= limit, let row = try reader.firstIndex(in: ids, where: { ids.integer(at: $0) >= limit }) {
            throw reader.rejection(
                .outOfRange, at: "segment_ids",
                "the id of row \(row) is \(ids.integer(at: row)); it must be at most \(limit - 1), or negative to drop the "
                    + "row")
        }
        guard segments != nil || largest >= 0 else {
            throw reader.rejection(
                .missingField, at: "segments",
                "'segments' is missing: no row has a segment that would say how many there are")
        }
        return axes.shape(pooledTo: [segments ?? largest + 1])
    }

    func windows(_ axes: PooledAxes, _ context: GeometryContext) throws(PoolingError) -> LayerWindows {
        guard let ids else {
            throw context.reader.rejection(
                .missingField, at: "segment_ids", "'segment_ids' is missing: the segment of each row")
        }
        let frame = WindowGeometry.inPlace(axes, taps: [.whole(axes.extents[0])], context)
        let (rows, planes) = (axes.extents[0], frame.planeCount)
        guard rows <= Int32.max else {
            throw PoolingError(.workTooLarge, at: "", "\(rows) rows are more than one request may group")
        }
        let groups = min(rows, context.outputShape[0])
        // Plans that depend on the elements of a tensor serve one request.
        let cancellation = context.reader.cancellation
        return .parts(
            WindowParts(
                count: 1, inputShape: frame.inputShape, outputShape: frame.outputShape, indexing: frame.indexing,
                taps: planes.multipliedSaturating(by: rows), windows: planes.multipliedSaturating(by: groups),
                largestWindow: rows, planeCount: planes, sharesInput: false,
                tableByteCount: RowGroups.byteCount(rowCount: rows), leavesOutputs: true, shareCount: 1
            ) { (_) throws(PoolingError) in
                var part = frame
                let rows = try RowGroups(ids: ids, cancellation)
                part.axes = [
                    AxisTaps(
                        pattern: .groups(rows), input: axes.extents[0], output: rows.groupCount,
                        kernel: axes.extents[0])
                ]
                part.mergeLevels()
                return part
            })
    }
}
