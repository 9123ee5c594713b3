/// One region that holds all spatial positions; the spatial axes stay, with size 1.
struct GlobalRegion: Region {
    static let descriptor = RegionDescriptor(
        "global", parameters: [ElementMask.parameter, Layer.emptyValueParameter], acceptsAxes: true,
        summary: "one window over all spatial positions",
        source: "Lin, Chen, Yan 2014 (Network in Network); ONNX GlobalAveragePool",
        otherNames: ["gap", "gmp", "whole", "all", "full", "globalpool", "globalpooling"],
        otherNamesOfOps: [
            "max": ["gmp", "globalmax", "globalmaxpool", "globalmaxpooling"],
            "avg": [
                "gap", "globalavg", "globalaverage", "globalmean", "globalavgpool", "globalaveragepool",
                "globalaveragepooling",
            ],
        ])

    static let capabilities = RegionCapabilities(hasKernel: true, takesMask: true, hasInverse: true)

    init(_ reader: inout FieldReader, for op: any PoolingOp.Type) {}

    func outputShape(_ axes: PooledAxes, reader: FieldReader) -> [Int] {
        axes.shape(pooledTo: axes.pooled.map { _ in 1 })
    }

    func kernel(_ axes: PooledAxes) -> [Int]? { axes.extents }

    func windows(_ axes: PooledAxes, _ context: GeometryContext) -> LayerWindows {
        .whole([WindowGeometry.inPlace(axes, taps: axes.extents.map(AxisTaps.whole), context)])
    }

    func report(_ axes: PooledAxes, _ reader: FieldReader) -> WindowReport? {
        WindowReport(equalBins: axes.extents, count: axes.extents.map { _ in 1 })
    }

    func inverse(along axis: Int, of count: Int) -> AxisInverse? {
        AxisInverse(output: { _ in 1 }, accepts: { _ in true }, mostOutputs: 1)
    }
}
