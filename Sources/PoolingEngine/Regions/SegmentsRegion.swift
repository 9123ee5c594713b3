/// Rows that share an id, in any order: pooling over the nodes of graphs, or ragged batches.
struct SegmentsRegion: Region {
    static let descriptor = RegionDescriptor(
        "segments",
        parameters: [
            ParameterDescriptor("segment_ids", "tensor", "[T]: the segment of each row (required), in any order"),
            ParameterDescriptor("segments", "integer", "how many segments there are; default: the largest id + 1"),
        ],
        summary: "[T, ...] to [segments, ...]: rows that share an id",
        source: "tf.math.unsorted_segment_sum, torch.segment_reduce, PyTorch Geometric aggregations")

    private let ids: Tensor?
    private let segments: Int?

    init(_ reader: inout FieldReader) throws(PoolingRefusal) {
        ids = try reader.takeIntegerTensor(.segmentIDs)
        segments = try reader.takeInteger("segments", in: 1...FieldNames.largestExtent)
        if ids == nil, segments == nil {
            throw reader.refusal(.missingField, at: "segment_ids", "'segment_ids' is missing: the segment of each row")
        }
    }

    func pooledAxes(
        _ choice: AxisChoice, shape: [Int], reader: FieldReader
    ) throws(PoolingRefusal) -> PooledAxes {
        guard !shape.isEmpty else {
            throw reader.refusal(.wrongRank, at: "input", "segments need rows, and the input is a single number")
        }
        let axes = PooledAxes(
            shape: shape, pooled: [0], channel: shape.count > 1 ? shape.count - 1 : nil, batch: nil,
            isChannelsLast: true, isNamed: false)
        try axes.requireElements(at: reader.pointer("input"))
        return axes
    }

    func outputShape(_ axes: PooledAxes, reader: FieldReader) throws(PoolingRefusal) -> [Int] {
        let count: Int
        if let ids {
            try reader.require([axes.shape[0]], of: ids, .segmentIDs, "one id for each row")
            let ids = ids.integers
            count = segments ?? ((ids.max() ?? -1) + 1)
            if let wrong = ids.firstIndex(where: { !(0..<min(count, FieldNames.largestExtent)).contains($0) }) {
                throw reader.refusal(
                    .outOfRange, at: "segment_ids",
                    "the id of row \(wrong) is \(ids[wrong]) and must be from 0 to \(min(count, FieldNames.largestExtent) - 1)"
                )
            }
        } else {
            count = segments ?? 0
        }
        return axes.shape(pooledTo: [count])
    }

    func geometry(_ axes: PooledAxes, _ context: GeometryContext) throws(PoolingRefusal) -> WindowGeometry {
        guard let ids else {
            throw context.reader.refusal(
                .missingField, at: "segment_ids", "'segment_ids' is missing: the segment of each row")
        }
        let taps = Self.taps(ids.integers, rows: axes.shape[0], segments: context.outputShape[0])
        var geometry = WindowGeometry.inPlace(axes, taps: [taps], context)
        geometry.allowsEmpty = true
        return geometry
    }

    /// Rows sorted by segment, each segment's in their own order.
    private static func taps(_ ids: [Int], rows: Int, segments: Int) -> AxisTaps {
        var offsets = [Int](repeating: 0, count: segments + 1)
        for id in ids { offsets[id + 1] += 1 }
        for segment in 0..<segments { offsets[segment + 1] += offsets[segment] }
        var next = offsets
        var sources = [Int](repeating: 0, count: rows)
        for (row, id) in ids.enumerated() {
            sources[next[id]] = row
            next[id] += 1
        }
        return AxisTaps(
            pattern: .listed(offsets: offsets, sources: sources), input: rows, output: segments, kernel: rows)
    }
}
