/// Σ(x − mean)²/(n − correction); NaN where n ≤ correction, and the derivative is 0 there.
struct VarianceOp: PoolingOp {
    static let descriptor = OpDescriptor(
        "variance", gradient: .input, parameters: [.correction],
        summary: "sum (x-mean)^2 / (n-correction)", source: "torch.var; statistics pooling (Snyder et al. 2018)")

    private let correction: Double

    init(_ reader: inout FieldReader, _ context: OpContext) throws(PoolingRefusal) {
        correction = try reader.takeCorrection()
    }

    var reducers: Reducers {
        Reducers(
            float: Reducer(VarianceReduction<Float>(correction: correction)),
            double: Reducer(VarianceReduction<Double>(correction: correction)))
    }
}

private struct VarianceReduction<Element: RealElement>: Reduction {
    let correction: Double

    @inline(__always)
    func reduce(_ tile: WindowTile<Element>, _ scratch: WindowScratch<Element>) {
        let deviation = Deviation(tile, scratch)
        let divisor = Double(tile.tapCount) - correction
        for lane in 0..<tile.laneCount {
            scratch.results[lane] = divisor > 0 ? Element(deviation.squares[lane] / divisor) : .nan
        }
    }

    /// 2(x − mean)/(n − correction).
    @inline(__always)
    func differentiate(_ tile: WindowTile<Element>, _ scratch: WindowScratch<Element>) {
        let deviation = Deviation(tile, scratch)
        let divisor = Double(tile.tapCount) - correction
        tile.spread(scratch) { lane, cell in divisor > 0 ? 2 * (cell - deviation.means[lane]) / divisor : 0 }
    }
}
