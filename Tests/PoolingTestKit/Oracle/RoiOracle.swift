import PoolingEngine

/// A region of interest: the batch sample it reads, and its corners as the request wrote them.
struct RegionOfInterest {
    let batch: Int
    let x1, y1, x2, y2: Double

    static func all(_ request: OracleRequest) -> [RegionOfInterest] {
        guard let rois = request.tensor(.rois) else { return [] }
        let values = rois.realElements
        return (0..<rois.shape[0]).map { k in
            let row = Array(values[k * 5..<k * 5 + 5])
            return RegionOfInterest(batch: Int(row[0]), x1: row[1], y1: row[2], x2: row[3], y2: row[4])
        }
    }
}

/// The shapes that both RoI regions share.
struct RoiLayout {
    let axes: OracleAxes
    let bins: [Int]
    let scale: Double
    let positionSensitive: Bool

    init(_ request: OracleRequest) {
        axes = OracleAxes(request)
        bins = request.perAxis("output_size", count: 2) ?? []
        scale = request.real("spatial_scale") ?? 1
        positionSensitive = request.flag("position_sensitive") ?? false
    }

    var channelsLast: Bool { axes.channel == 3 }
    var inputChannels: Int { axes.shape[channelsLast ? 3 : 1] }
    var outputChannels: Int { positionSensitive ? inputChannels / (bins[0] * bins[1]) : inputChannels }

    /// Calls `window` for every output element, in row-major order of the output.
    func geometry(
        _ rois: [RegionOfInterest], window: (RegionOfInterest, _ bin: [Int], _ plane: [Int]) -> OracleWindow
    ) throws -> OracleGeometry {
        let shape =
            channelsLast
            ? [rois.count, bins[0], bins[1], outputChannels] : [rois.count, outputChannels, bins[0], bins[1]]
        let windows = Coordinates.all(in: shape).map { position in
            let bin = channelsLast ? [position[1], position[2]] : [position[2], position[3]]
            let output = position[channelsLast ? 3 : 1]
            let channel = positionSensitive ? (output * bins[0] + bin[0]) * bins[1] + bin[1] : output
            let roi = rois[position[0]]
            let plane = channelsLast ? [roi.batch, 0, 0, channel] : [roi.batch, channel, 0, 0]
            var listed = window(roi, bin, plane)
            listed.channel = output
            return listed
        }
        return try OracleGeometry(axes: axes, outputShape: shape, windows: windows, allowsEmpty: true)
    }
}

extension OracleGeometry {
    static func roi(_ request: OracleRequest) throws -> OracleGeometry {
        let layout = RoiLayout(request)
        return try layout.geometry(RegionOfInterest.all(request)) { roi, bin, plane in
            let corners = [(roi.y1, roi.y2), (roi.x1, roi.x2)]
            let parts = corners.enumerated().map { axis, corner in
                let start = rounded(corner.0 * layout.scale)
                let end = rounded(corner.1 * layout.scale)
                let extent = layout.positionSensitive ? max(end - start, 1) : max(end - start + 1, 1)
                let range = adaptiveBin(bin[axis], of: layout.bins[axis], over: extent)
                return AxisWindow(clip(range, shift: start, to: layout.axes.extents[axis]))
            }
            return OracleWindow(parts, axes: layout.axes, plane: plane)
        }
    }

    private static func rounded(_ value: Double) -> Int { Int(value.rounded(.toNearestOrAwayFromZero)) }

    private static func clip(_ range: Range<Int>, shift: Int, to extent: Int) -> Range<Int> {
        let low = min(max(range.lowerBound + shift, 0), extent)
        let high = min(max(range.upperBound + shift, 0), extent)
        return low..<max(low, high)
    }
}
