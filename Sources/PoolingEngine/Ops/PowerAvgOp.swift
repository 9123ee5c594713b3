/// Generalized mean: (mean max(x, eps)^p)^(1/p); p = 3 is what image retrieval uses.
///
/// Scaled inside, so that it overflows only where the result does. Elements below `eps` have the derivative 0.
struct PowerAvgOp: LearnableOp {
    static let descriptor = OpDescriptor(
        "power_avg", gradient: .input,
        parameters: [
            ParameterDescriptor("p", "number|list", default: .number(FieldNumber(3)), "not 0; or one per channel"),
            ParameterDescriptor(
                "eps", "number", default: .number(FieldNumber(value: 1e-6, whole: nil)),
                "above 0: what smaller elements are raised to"),
        ],
        summary: "(mean max(x,eps)^p)^(1/p): GeM", source: "Radenovic, Tolias, Chum 2018 (GeM)")

    var parameter: LearnableParameter
    private var p: Double { parameter.first }
    private let eps: Double

    init(_ reader: inout FieldReader, _ context: OpContext) throws(PoolingRefusal) {
        parameter = try reader.takeLearnable("p", default: 3, "other than 0") { $0 != 0 }
        eps = try reader.takeNumber("eps", default: 1e-6, "above 0") { $0 > 0 }
    }

    /// Powers other than these are the C library's.
    var weight: OpWeight { [1, 2, 3].contains(p) ? .powers : .exponentials }

    var reducers: Reducers {
        Reducers(
            float: Reducer(PowerMeanReduction<Float>(p: p, eps: Float(eps).double)),
            double: Reducer(PowerMeanReduction<Double>(p: p, eps: eps)))
    }

    /// value·(Σ u^p·ln u/(p·Σ u^p) − ln(mean u^p)/p²), u being cells over their largest (p < 0: smallest).
    func parameterDerivative(_ cells: WindowCells) -> Double {
        let sign = p < 0 ? -1.0 : 1.0
        let scale = sign * cells.largest { sign * max($0, eps) }
        guard scale.isFinite else { return 0 }
        return PowerSums(cells, p) { max($0, eps) / scale }.derivative(scale: scale, count: Double(cells.count))
    }
}

private struct PowerMeanReduction<Element: RealElement>: Reduction {
    let p: Double
    let eps: Double

    @inline(__always)
    private func clamped(_ cell: Double) -> Double { cell < eps ? eps : cell }

    /// The mean of each lane, in accumulator 1.
    @inline(__always)
    private func means(
        _ tile: WindowTile<Element>, _ scratch: WindowScratch<Element>
    ) -> UnsafeMutablePointer<Double> {
        let scales = tile.largest(scratch, row: 0) { clamped($0) }
        let means = scratch.accumulator(1)
        tile.forEachTap(scratch) { tap in
            let row = tile.row(tap)
            for lane in 0..<tile.laneCount { means[lane] += Libm.power(clamped(row[lane].double) / scales[lane], p) }
        }
        for lane in 0..<tile.laneCount {
            let mean = scales[lane] * Libm.power(means[lane] / Double(tile.tapCount), 1 / p)
            means[lane] = scales[lane] < .infinity ? mean : scales[lane]
        }
        return means
    }

    @inline(__always)
    func reduce(_ tile: WindowTile<Element>, _ scratch: WindowScratch<Element>) {
        let means = means(tile, scratch)
        for lane in 0..<tile.laneCount { scratch.results[lane] = Element(means[lane]) }
    }

    /// (x/mean)^(p − 1)/n.
    @inline(__always)
    func differentiate(_ tile: WindowTile<Element>, _ scratch: WindowScratch<Element>) {
        let means = means(tile, scratch)
        let count = Double(tile.tapCount)
        tile.spread(scratch) { lane, cell in
            cell < eps ? 0 : Libm.power(cell / means[lane], p - 1) / count
        }
    }
}
