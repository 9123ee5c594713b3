/// log(mean e^(r·x))/r: between the mean (r → 0), the maximum (r → ∞) and the minimum (r → −∞).
///
/// Infinities behave as in `torch.logsumexp`; where all weights are 0, which is a window of nothing but −Infinity for
/// r > 0, the derivative is 0. The error is at most (n + 4)·ε·(max|x| + 1/|r|), ε = 2^-52, before the result is rounded;
/// of types of 32 and 16 bits 2^-32/|r| more, or (rows + columns + 2)·2^-24/|r| + 2^-23·max|x| where
/// ``Float/mostAdditions`` says that sums are in single precision.
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
            float: Reducer(LogMeanExpReduction<Float, Double>(r: r)).sharing(kernels),
            double: Reducer(LogMeanExpReduction<Double, Double>(r: r)))
    }

    private var kernels: TermKernels<Float>? {
        guard Double.supports(rate: r) else { return nil }
        let kernels = TermKernels(LogMeanExpReduction<Float, Double>(r: r))
        return Float.supports(rate: r) ? kernels.preferring(LogMeanExpReduction<Float, Float>(r: r)) : kernels
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

private struct LogMeanExpReduction<Element: RealElement, Row: TermRow>: FoldReduction {
    private let weights: ExponentialWeights

    init(r: Double) { weights = ExponentialWeights(rate: r) }

    @inline(__always)
    func value(_ cells: WindowCells<Element>) -> Lanes {
        let sums = weights.sums(cells, takesMean: false)
        let means = weights.overRate(Element.logarithm(sums.weights / Double(cells.count)), in: Double.self)
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
    typealias First = SumFold<Row>
    typealias Second = SumFold<Row>

    static var termsAreQuick: Bool { false }

    @inline(__always)
    func terms(_ x: Row.Vector) -> Terms { (weight(x), Row.Vector()) }

    @inline(__always)
    private func weight(_ x: Row.Vector) -> Row.Vector { Row.exponentials(x, rate: weights.rate, of: Element.self) }

    @inline(__always)
    func value(_ folded: Terms, counts: Counts) -> (value: Row.Vector, witness: Row.Vector) {
        let mean = Row.product(folded.first, counts.inverses)
        return (
            weights.overRate(Row.logarithms(mean, of: Element.self), in: Row.self),
            weights.witness(folded.first, in: Row.self)
        )
    }

    @inline(__always)
    func slopes(_ folded: Terms, counts: Counts, incoming: Row.Vector) -> (slopes: Terms, witness: Row.Vector) {
        ((Row.quotient(incoming, folded.first), Row.Vector()), weights.witness(folded.first, in: Row.self))
    }

    @inline(__always)
    func derivative(_ x: Row.Vector, _ slopes: Terms) -> Row.Vector { Row.product(weight(x), slopes.first) }
}
