/// The bin `index` of `bins` over `extent`: from ⌊i·n/b⌋ up to ⌈(i+1)·n/b⌉.
func adaptiveBin(_ index: Int, of bins: Int, over extent: Int) -> Range<Int> {
    let end = (index + 1) * extent
    return index * extent / bins..<(end + bins - 1) / bins
}

extension OracleGeometry {
    static func global(_ request: OracleRequest) throws -> OracleGeometry {
        let axes = OracleAxes(request)
        return try OracleGeometry(axes: axes, outputSize: axes.pooled.map { _ in 1 }) { axis, _, _ in
            AxisWindow(0..<axes.extents[axis])
        }
    }

    static func adaptive(_ request: OracleRequest) throws -> OracleGeometry {
        let axes = OracleAxes(request)
        let sizes: [Int]
        if let entries = request.value("output_size")?.entries {
            sizes = zip(entries, axes.extents).map { entry, extent in entry.real.map { Int($0) } ?? extent }
        } else {
            sizes = request.perAxis("output_size", count: axes.pooled.count) ?? []
        }
        return try OracleGeometry(axes: axes, outputSize: sizes) { axis, position, _ in
            AxisWindow(adaptiveBin(position, of: sizes[axis], over: axes.extents[axis]))
        }
    }

    /// Level after level, and within a level all bins of the first channel, then of the second (channels last: all
    /// channels of the first bin, then of the second).
    static func pyramid(_ request: OracleRequest) throws -> OracleGeometry {
        let axes = OracleAxes(request)
        let d = axes.pooled.count
        let rank = axes.shape.count
        let samples = rank == d + 2 ? axes.shape[0] : 1
        let channels = rank > d ? axes.channel.map { axes.shape[$0] } ?? 1 : 1
        let channelsLast = axes.channel == rank - 1
        var windows: [OracleWindow] = []
        for sample in 0..<samples {
            for level in request.perAxis("levels", count: 1) ?? [] {
                let bins = Coordinates.all(in: Array(repeating: level, count: d))
                for number in 0..<channels * bins.count {
                    let channel = channelsLast ? number % channels : number / bins.count
                    let bin = bins[channelsLast ? number / channels : number % bins.count]
                    var plane = axes.shape.map { _ in 0 }
                    if rank == d + 2 { plane[0] = sample }
                    if let axis = axes.channel { plane[axis] = channel }
                    let parts = zip(bin, axes.extents).map { AxisWindow(adaptiveBin($0, of: level, over: $1)) }
                    windows.append(OracleWindow(parts, axes: axes, plane: plane))
                }
            }
        }
        let perSample = samples == 0 ? 0 : windows.count / samples
        return try OracleGeometry(
            axes: axes, outputShape: rank == d + 2 ? [samples, perSample] : [perSample], windows: windows)
    }
}
