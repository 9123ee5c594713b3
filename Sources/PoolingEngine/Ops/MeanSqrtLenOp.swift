/// Σx/√n: a sum whose spread does not grow with the number of elements.
struct MeanSqrtLenOp: PoolingOp {
    static let descriptor = OpDescriptor(
        "mean_sqrt_len", gradient: .inputShape,
        summary: "sum x / sqrt(n)", source: "sentence-transformers mean_sqrt_len_tokens")

    init(_ reader: inout FieldReader, _ context: OpContext) {}

    var reducers: Reducers {
        Reducers(float: Reducer(RootMeanReduction<Float>()), double: Reducer(RootMeanReduction<Double>()))
    }
}

private struct RootMeanReduction<Element: RealElement>: Reduction {
    @inline(__always)
    func reduce(_ tile: WindowTile<Element>, _ scratch: WindowScratch<Element>) {
        let sums = tile.sums(scratch)
        let root = Double(tile.tapCount).squareRoot()
        for lane in 0..<tile.laneCount { scratch.results[lane] = Element(sums[lane] / root) }
    }

    @inline(__always)
    func differentiate(_ tile: WindowTile<Element>, _ scratch: WindowScratch<Element>) {
        tile.spreadEvenly(scratch, share: 1 / Double(tile.tapCount).squareRoot())
    }
}
