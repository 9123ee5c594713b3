import PoolingEngine

/// What one output position reads along one axis.
struct AxisWindow {
    struct Tap {
        /// The input position, or nil for a padded cell of a number that takes part.
        let source: Int?
        let offset: Int
        /// What such a padded cell holds.
        var fill = FieldNumber(0)
    }

    var taps: [Tap]
    /// Offsets of the taps on the input and its declared padding.
    var declaredOffsets: [Int]
    var kernelCount: Int

    /// The plain window from `range.lowerBound` up to `range.upperBound`.
    init(_ range: Range<Int>) {
        taps = range.map { Tap(source: $0, offset: $0 - range.lowerBound) }
        declaredOffsets = Array(0..<range.count)
        kernelCount = range.count
    }

    init(taps: [Tap], declaredOffsets: [Int], kernelCount: Int) {
        self.taps = taps
        self.declaredOffsets = declaredOffsets
        self.kernelCount = kernelCount
    }
}

extension OracleWindow {
    /// Every combination of the axes' taps, the last axis running fastest.
    init(_ windows: [AxisWindow], axes: OracleAxes, plane: [Int]) {
        let kernel = windows.map(\.kernelCount)
        let cells = Coordinates.all(in: windows.map(\.taps.count)).map { choice in
            let taps = zip(windows, choice).map { $0.taps[$1] }
            let sources = taps.compactMap(\.source)
            return Cell(
                source: sources.count == taps.count ? axes.source(sources, in: plane) : nil,
                offset: Coordinates.flat(taps.map(\.offset), in: kernel),
                fill: taps.last { $0.source == nil }?.fill ?? FieldNumber(0))
        }
        self.init(
            cells: cells,
            declaredOffsets: Coordinates.all(in: windows.map(\.declaredOffsets.count)).map { choice in
                Coordinates.flat(zip(windows, choice).map { $0.declaredOffsets[$1] }, in: kernel)
            },
            kernelCount: kernel.reduce(1, *), plane: plane, channel: axes.channel.map { plane[$0] } ?? 0)
    }
}

extension OracleGeometry {
    /// Windows that are products of axes: `window(axis, position, plane)` gives what one axis reads.
    init(
        axes: OracleAxes, outputSize: [Int], kernel: [Int]? = nil,
        window: (_ axis: Int, _ position: Int, _ plane: [Int]) -> AxisWindow
    ) throws {
        let outputShape = axes.outputShape(outputSize)
        let windows = Coordinates.all(in: outputShape).map { position in
            let plane = axes.plane(of: position)
            let parts = axes.pooled.indices.map { window($0, position[axes.pooled[$0]], plane) }
            return OracleWindow(parts, axes: axes, plane: plane)
        }
        try self.init(axes: axes, outputShape: outputShape, windows: windows, kernel: kernel)
    }
}
