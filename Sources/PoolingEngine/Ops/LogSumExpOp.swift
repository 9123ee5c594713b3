/// log(mean e^(r·x))/r: between the mean (r → 0), the maximum (r → ∞) and the minimum (r → −∞).
///
/// Infinities behave as in `torch.logsumexp`; where all weights are 0, which is a window of nothing but −Infinity for
/// r > 0, the derivative is 0. The error is at most (n + 4)·ε·(max|x| + 1/|r|), ε = 2^-52, before the result is rounded;
/// of types of 32 and 16 bits 2^-32/|r| more.
struct LogSumExpOp: LearnableOp {
    static let descriptor = OpDescriptor(
        "logsumexp", gradient: .input,
        parameters: [
            ParameterDescriptor(
                "r", "number|list", default: .number(FieldNumber(1)), "not 0; or one per channel",
                otherNames: ["gamma", "sharpness"])
        ],
        summary: "log(mean exp(r*x))/r", source: "Pinheiro, Collobert 2015; timm LsePlus2d",
        otherNames: ["lse", "lsepool", "lseplus", "logmeanexp"])

    var parameter: LearnableParameter
    private var r: Double { parameter.first }

    init(_ reader: inout FieldReader, _ context: OpContext) throws(PoolingError) {
        parameter = try reader.takeLearnable("r", default: 1, "other than 0") { $0 != 0 }
    }

    var weight: OpWeight { .exponentials }

    var reducers: Reducers {
        Reducers(
            float: Reducer(LogMeanExpReduction<Float>(r: r)).sharing(LogMeanExpReduction(r: r).kernels),
            double: Reducer(LogMeanExpReduction<Double>(r: r)))
    }

    /// (Σ w·x − value)/r with w = e^(r·x)/Σ e^(r·x).
    func parameterDerivative(_ cells: CellValues) -> Double {
        let largest = cells.largest { r * $0 }
        guard largest.isFinite else { return 0 }
        let total = cells.sum { Libm.exp(r * $0 - largest) }
        let mean = cells.sum { cell in
            let weight = Libm.exp(r * cell - largest)
            return weight == 0 ? 0 : weight * cell
        }
        let value = (largest + Libm.log(total / Double(cells.count))) / r
        return (mean / total - value) / r
    }
}

private struct LogMeanExpReduction<Element: RealElement>: FoldReduction {
    private let weights: ExponentialWeights

    init(r: Double) { weights = ExponentialWeights(rate: r) }

    @inline(__always)
    func value(_ cells: WindowCells<Element>) -> Lanes {
        let sums = weights.sums(cells, takesMean: false)
        let means = weights.overRate(Element.logarithm(sums.weights / Double(cells.count)))
        return sums.origin + means
    }

    /// e^(r·x)/Σ e^(r·x); 0 where all weights are 0.
    @inline(__always)
    func spread(_ cells: WindowCells<Element>) {
        let sums = weights.sums(cells, takesMean: false, keeps: true)
        let leastCell: Double = weights.rate < 0 ? .infinity : -.infinity
        let inverse = (1 / sums.weights).replacing(with: 0, where: sums.origin .== leastCell)
        weights.spread(cells, sums) { _, weight in weight * inverse }
    }
}

extension LogMeanExpReduction: TermDifferentiable {
    var kernels: TermKernels<Element>? { weights.areShared ? TermKernels(self) : nil }

    static var termsAreQuick: Bool { false }

    @inline(__always)
    func terms(_ x: Lanes) -> Terms { (weights.term(x, of: Element.self), .zero) }

    @inline(__always)
    func value(_ folded: Terms, counts: CellCounts) -> (value: Lanes, witness: Lanes) {
        (weights.overRate(Element.logarithm(folded.first * counts.inverses)), weights.witness(folded.first))
    }

    @inline(__always)
    func slopes(_ folded: Terms, counts: CellCounts, incoming: Lanes) -> (slopes: Terms, witness: Lanes) {
        ((incoming / folded.first, .zero), weights.witness(folded.first))
    }

    @inline(__always)
    func derivative(_ x: Lanes, _ slopes: Terms) -> Lanes { weights.term(x, of: Element.self) * slopes.first }
}
