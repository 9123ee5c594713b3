/// Σ(x − mean)²/(n − correction); NaN where n ≤ correction, and the derivative is 0 there.
struct VarianceOp: PoolingOp {
    static let descriptor = OpDescriptor(
        "variance", gradient: .input, parameters: [.correction],
        summary: "sum (x-mean)^2 / (n-correction)", source: "torch.var; statistics pooling (Snyder et al. 2018)")

    private let correction: Double

    init(_ reader: inout FieldReader, _ context: OpContext) throws(PoolingError) {
        correction = try reader.takeCorrection()
    }

    var reducers: Reducers {
        Reducers(
            float: Reducer(VarianceReduction<Float>(correction: correction)),
            double: Reducer(VarianceReduction<Double>(correction: correction)))
    }
}

private struct VarianceReduction<Element: RealElement>: FoldReduction {
    let correction: Double

    @inline(__always)
    func value(_ cells: WindowCells<Element>) -> Lanes {
        let (deviation, divisor) = (Deviation(cells), Double(cells.count) - correction)
        guard divisor > 0 else { return Lanes(repeating: .nan) }
        return deviation.scale * (deviation.scale * (deviation.squares / divisor))
    }

    /// 2(x − mean)/(n − correction).
    @inline(__always)
    func spread(_ cells: WindowCells<Element>) {
        let (deviation, divisor) = (Deviation(cells), Double(cells.count) - correction)
        let factor = deviation.scale * (divisor > 0 ? 2 / divisor : 0)
        deviation.spread(cells) { $0 * factor }
    }
}
