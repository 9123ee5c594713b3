/// Generalized mean: (mean max(x, eps)^p)^(1/p); p = 3 is what image retrieval uses.
///
/// Scaled inside, so that it overflows only where the result does. Elements below `eps` have the derivative 0. The error
/// is at most (n + 8 + 2|p|)·ε·result, ε = 2^-52, before the result is rounded; of types of 32 and 16 bits
/// 2^-31·(1 + 1/|p|)·result more, because powers are no more exact than they need.
struct PowerAvgOp: LearnableOp {
    static let descriptor = OpDescriptor(
        "power_avg", gradient: .input,
        parameters: [
            ParameterDescriptor(
                "p", "number|list", default: .number(FieldNumber(3)), "not 0; or one per channel",
                otherNames: ["normtype", "power", "exponent", "ord", "norm"]),
            ParameterDescriptor(
                "eps", "number", default: .number(FieldNumber(value: 1e-6, whole: nil)),
                "above 0: smaller elements are raised to it", otherNames: ["epsilon"]),
        ],
        summary: "(mean max(x,eps)^p)^(1/p): GeM", source: "Radenovic, Tolias, Chum 2018 (GeM)",
        otherNames: ["gem", "gempool", "gempooling", "generalizedmean", "powermean"])

    var parameter: LearnableParameter
    private var p: Double { parameter.first }
    private let eps: Double

    init(_ reader: inout FieldReader, _ context: OpContext) throws(PoolingError) {
        parameter = try reader.takeLearnable("p", default: 3, "other than 0") { $0 != 0 }
        eps = try reader.takeNumber("eps", default: 1e-6, "above 0") { $0 > 0 }
    }

    /// Powers other than these take a logarithm.
    var weight: OpWeight { [1, 2, 3].contains(p) ? .plain : .powers }

    var reducers: Reducers {
        Reducers(
            float: Reducer(PowerMeanReduction<Float>(p: p, eps: Float(eps).double))
                .sharing(PowerMeanReduction(p: p, eps: Float(eps).double).kernels),
            double: Reducer(PowerMeanReduction<Double>(p: p, eps: eps)))
    }

    /// value·(Σ u^p·ln u/(p·Σ u^p) − ln(mean u^p)/p²), u being cells over their largest (p < 0: smallest).
    func parameterDerivative(_ cells: CellValues) -> Double {
        let sign = p < 0 ? -1.0 : 1.0
        let scale = sign * cells.largest { sign * max($0, eps) }
        guard scale.isFinite else { return 0 }
        return PowerSums(cells, p) { max($0, eps) / scale }.derivative(scale: scale, count: Double(cells.count))
    }
}

private struct PowerMeanReduction<Element: RealElement>: FoldReduction {
    private let eps: Double
    private let power: Power<Element>
    private let root: Power<Element>
    private let slope: Power<Element>

    init(p: Double, eps: Double) {
        self.eps = eps
        (power, root, slope) = (Power(exponent: p), Power(exponent: 1 / p), Power(exponent: p - 1))
    }

    @inline(__always)
    private func clamped(_ cells: Lanes) -> Lanes { cells.replacing(with: eps, where: cells .< eps) }

    /// The mean as scale · root, the scale of which is 1 where the powers of all cells are in range.
    @inline(__always)
    private func means(_ cells: WindowCells<Element>) -> (scales: Lanes, roots: Lanes) {
        let count = Double(cells.count)
        var (scales, sums) = (Lanes(repeating: 1), Lanes(repeating: .nan))
        if power.isQuick { sums = power.sum(cells) { clamped($0) } }
        if !Element.areSafe(sums) {
            let isSafe = Element.safe(sums)
            // The cell whose power is the largest.
            let sign: Double = power.exponent < 0 ? -1 : 1
            let leading = cells.largest { clamped($0) * sign } * sign
            let scaled = cells.sum { power(clamped($0) / leading) }
            let known = scaled.replacing(with: count, where: .!(leading .< .infinity))
            scales = leading.replacing(with: scales, where: isSafe)
            sums = known.replacing(with: sums, where: isSafe)
        }
        return (scales, root(sums / count))
    }

    @inline(__always)
    func value(_ cells: WindowCells<Element>) -> Lanes {
        let (scales, roots) = means(cells)
        return scales * roots
    }

    /// (x/mean)^(p − 1)/n.
    @inline(__always)
    func spread(_ cells: WindowCells<Element>) {
        let (scales, roots) = means(cells)
        let (inverse, share) = (1 / roots, 1 / Double(cells.count))
        @inline(__always)
        func derivative(_ x: Lanes, _ scaled: Lanes) -> Lanes {
            (slope(scaled * inverse) * share).replacing(with: 0, where: x .< eps)
        }
        if scales.allLie(within: 1, 1) {
            cells.spread { derivative($0, $0) }
        } else {
            cells.spread { derivative($0, $0 / scales) }
        }
    }
}

extension PowerMeanReduction: TermDifferentiable {
    typealias Row = Double

    /// Nil where the sum of powers that take a logarithm may be out of range.
    var kernels: TermKernels<Element>? { power.isQuick ? TermKernels(self) : nil }

    @inline(__always)
    func terms(_ x: Lanes) -> Terms { (power.quick(clamped(x)), .zero) }

    @inline(__always)
    func value(_ folded: Terms, counts: Counts) -> (value: Lanes, witness: Lanes) {
        (root(folded.first * counts.inverses), folded.first)
    }

    @inline(__always)
    func slopes(_ folded: Terms, counts: Counts, incoming: Lanes) -> (slopes: Terms, witness: Lanes) {
        ((slope(1 / root(folded.first * counts.inverses)) * counts.inverses * incoming, .zero), folded.first)
    }

    @inline(__always)
    func derivative(_ x: Lanes, _ slopes: Terms) -> Lanes {
        (slope(x) * slopes.first).replacing(with: 0, where: x .< eps)
    }
}
