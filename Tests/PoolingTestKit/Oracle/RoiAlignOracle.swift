/// The sample points of one bin along one axis.
struct RoiAlignAxis {
    let start: Double
    let size: Double
    let bins: Int
    let sampling: Int

    init(_ low: Double, _ high: Double, bins: Int, scale: Double, aligned: Bool, sampling: Int) {
        let shift = aligned ? 0.5 : 0
        start = low * scale - shift
        let length = (high * scale - shift) - start
        size = aligned ? length : max(length, 1)
        self.bins = bins
        self.sampling = sampling
    }

    func samples(_ bin: Int) -> [Double] {
        let width = size / Double(bins)
        let count = sampling > 0 ? sampling : max(Int(width.rounded(.up)), 0)
        return (0..<count).map { start + Double(bin) * width + (Double($0) + 0.5) * width / Double(count) }
    }

    /// The two elements around `sample` with their weights; nil outside of [−1, extent].
    ///
    /// At the far edge the second has weight 0, which matters to `corners`: it compares a 0 too.
    static func neighbours(_ sample: Double, extent: Int) -> [(position: Int, weight: Double)]? {
        guard sample >= -1, sample <= Double(extent) else { return nil }
        let inside = max(sample, 0)
        let low = Int(inside)
        if low >= extent - 1 { return [(extent - 1, 1), (extent - 1, 0)] }
        let fraction = inside - Double(low)
        return [(low, 1 - fraction), (low + 1, fraction)]
    }
}

extension OracleGeometry {
    static func roiAlign(_ request: OracleRequest) throws -> OracleGeometry {
        let layout = RoiLayout(request)
        let aligned = request.flag("aligned") ?? false
        let sampling = request.whole("sampling_ratio") ?? 0
        let corners = request.text("sample_max", "bilinear") == "corners" && request.op == "max"
        return try layout.geometry(RegionOfInterest.all(request)) { roi, bin, plane in
            let rows = RoiAlignAxis(
                roi.y1, roi.y2, bins: layout.bins[0], scale: layout.scale, aligned: aligned, sampling: sampling)
            let columns = RoiAlignAxis(
                roi.x1, roi.x2, bins: layout.bins[1], scale: layout.scale, aligned: aligned, sampling: sampling)
            var cells: [OracleWindow.Cell] = []
            for y in rows.samples(bin[0]) {
                for x in columns.samples(bin[1]) {
                    let taps = blend(y, x, layout.axes, plane)
                    let parts = corners && !taps.isEmpty ? taps.map { [$0] } : [taps]
                    cells += parts.map { OracleWindow.Cell(taps: $0, offset: 0) }
                }
            }
            return OracleWindow(cells: cells, plane: plane, channel: 0)
        }
    }

    private static func blend(_ y: Double, _ x: Double, _ axes: OracleAxes, _ plane: [Int]) -> [OracleWindow.Tap] {
        guard let rows = RoiAlignAxis.neighbours(y, extent: axes.extents[0]),
            let columns = RoiAlignAxis.neighbours(x, extent: axes.extents[1])
        else { return [] }
        return rows.flatMap { row in
            columns.map { column in
                OracleWindow.Tap(
                    source: axes.source([row.position, column.position], in: plane), weight: row.weight * column.weight)
            }
        }
    }
}
