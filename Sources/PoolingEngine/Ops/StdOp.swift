/// The root of the variance; where it is 0, or undefined, the derivative is 0.
struct StdOp: PoolingOp {
    static let descriptor = OpDescriptor(
        "std", gradient: .input, parameters: [.correction],
        summary: "root of the variance", source: "torch.std; statistics pooling (Snyder et al. 2018)")

    private let correction: Double

    init(_ reader: inout FieldReader, _ context: OpContext) throws(PoolingError) {
        correction = try reader.takeCorrection()
    }

    var reducers: Reducers {
        Reducers(
            float: Reducer(DeviationReduction<Float>(correction: correction)),
            double: Reducer(DeviationReduction<Double>(correction: correction)))
    }
}

private struct DeviationReduction<Element: RealElement>: FoldReduction {
    let correction: Double

    @inline(__always)
    func value(_ cells: WindowCells<Element>) -> Lanes {
        let (deviation, divisor) = (Deviation(cells), Double(cells.count) - correction)
        guard divisor > 0 else { return Lanes(repeating: .nan) }
        return deviation.scale * (deviation.squares / divisor).squareRoots
    }

    /// (x − mean)/((n − correction)·std).
    @inline(__always)
    func spread(_ cells: WindowCells<Element>) {
        let (deviation, divisor) = (Deviation(cells), Double(cells.count) - correction)
        guard divisor > 0 else { return deviation.spread(cells) { _ in .zero } }
        let factor = (1 / ((deviation.squares / divisor).squareRoots * divisor))
            .replacing(with: 0, where: deviation.squares .== 0)
        deviation.spread(cells) { $0 * factor }
    }
}
