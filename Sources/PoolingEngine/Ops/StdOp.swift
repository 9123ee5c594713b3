/// The root of the variance; where it is 0, or undefined, the derivative is 0.
struct StdOp: PoolingOp {
    static let descriptor = OpDescriptor(
        "std", gradient: .input, parameters: [.correction],
        summary: "root of the variance", source: "torch.std; statistics pooling (Snyder et al. 2018)")

    private let correction: Double

    init(_ reader: inout FieldReader, _ context: OpContext) throws(PoolingRefusal) {
        correction = try reader.takeCorrection()
    }

    var reducers: Reducers {
        Reducers(
            float: Reducer(DeviationReduction<Float>(correction: correction)),
            double: Reducer(DeviationReduction<Double>(correction: correction)))
    }
}

private struct DeviationReduction<Element: RealElement>: Reduction {
    let correction: Double

    @inline(__always)
    func reduce(_ tile: WindowTile<Element>, _ scratch: WindowScratch<Element>) {
        let deviation = Deviation(tile, scratch)
        let divisor = Double(tile.tapCount) - correction
        for lane in 0..<tile.laneCount {
            scratch.results[lane] = divisor > 0 ? Element((deviation.squares[lane] / divisor).squareRoot()) : .nan
        }
    }

    /// (x − mean)/((n − correction)·std).
    @inline(__always)
    func differentiate(_ tile: WindowTile<Element>, _ scratch: WindowScratch<Element>) {
        let deviation = Deviation(tile, scratch)
        let divisor = Double(tile.tapCount) - correction
        tile.spread(scratch) { lane, cell in
            guard divisor > 0, deviation.squares[lane] != 0 else { return 0 }
            return (cell - deviation.means[lane]) / (divisor * (deviation.squares[lane] / divisor).squareRoot())
        }
    }
}
