/// One region that holds all spatial positions; the spatial axes stay, with size 1.
struct GlobalRegion: Region {
    static let descriptor = RegionDescriptor(
        "global", parameters: [], acceptsAxes: true,
        summary: "one window over all spatial positions",
        source: "Lin, Chen, Yan 2014 (Network in Network); ONNX GlobalAveragePool")

    init(_ reader: inout FieldReader) {}

    func outputShape(_ axes: PooledAxes, reader: FieldReader) -> [Int] {
        axes.shape(pooledTo: axes.pooled.map { _ in 1 })
    }

    func geometry(_ axes: PooledAxes, _ context: GeometryContext) -> WindowGeometry {
        .inPlace(axes, taps: axes.extents.map(AxisTaps.whole), context)
    }
}
