/// SoftPool: Σ x·e^(βx) / Σ e^(βx), the mean weighted by the softmax of the window.
///
/// Infinities are limits: for β > 0 a −Infinity has weight 0, nothing but −Infinity is −Infinity, and a window with
/// +Infinity is +Infinity; mirrored for β < 0. Gradients there are 0 where the weight is 0, and finite elsewhere. The
/// error is at most (2n + 4)·ε·max|x|·(1 + max|βx|), ε = 2^-52, before the result is rounded; of types of 32
/// and 16 bits 2^-31·max|x| more, or (rows + columns + 2)·2^-23·max|x| where ``Float/mostAdditions`` says that sums are
/// in single precision.
struct SoftmaxOp: LearnableOp {
    static let descriptor = OpDescriptor(
        "softmax", gradient: .input,
        parameters: [
            ParameterDescriptor(
                "beta", "number|list", default: .number(FieldNumber(1)), "0 is the mean; or one per channel",
                otherNames: ["gamma", "sharpness"])
        ],
        summary: "sum x*exp(beta*x) / sum exp(beta*x)", source: "Stergiou, Poppe, Kalliatakis 2021 (SoftPool)",
        otherNames: ["softpool", "softmaxpool", "softmaxpooling"])

    var parameter: LearnableParameter
    private var beta: Double { parameter.first }

    init(_ reader: inout FieldReader, _ context: OpContext) throws(PoolingError) {
        parameter = try reader.takeLearnable("beta", default: 1, "a finite number") { _ in true }
    }

    var weight: OpWeight { .exponentials }

    var reducers: Reducers {
        Reducers(
            float: Reducer(SoftmaxReduction<Float, Double>(beta: beta)).sharing(kernels),
            double: Reducer(SoftmaxReduction<Double, Double>(beta: beta)))
    }

    private var kernels: TermKernels<Float>? {
        guard Double.supports(rate: beta) else { return nil }
        let kernels = TermKernels(SoftmaxReduction<Float, Double>(beta: beta))
        return Float.supports(rate: beta) ? kernels.preferring(SoftmaxReduction<Float, Float>(beta: beta)) : kernels
    }

    /// Σ w·(x − value)² with w = e^(βx)/Σ e^(βx).
    func parameterDerivative(_ cells: CellValues) -> Double {
        let largest = cells.largest { beta * $0 }
        guard largest.isFinite else { return 0 }
        func weighted(_ term: (Double) -> Double) -> Double {
            cells.sum { cell in
                let weight = Libm.exp(beta * cell - largest)
                return weight == 0 ? 0 : weight * term(cell)
            }
        }
        let total = weighted { _ in 1 }
        let value = weighted { $0 } / total
        return weighted { ($0 - value) * ($0 - value) } / total
    }
}

private struct SoftmaxReduction<Element: RealElement, Row: TermRow>: FoldReduction {
    private let weights: ExponentialWeights

    init(beta: Double) { weights = ExponentialWeights(rate: beta) }

    @inline(__always)
    func value(_ cells: WindowCells<Element>) -> Lanes { weights.sums(cells, takesMean: true).mean }

    /// w·(1 + β(x − mean)), 0 where w is 0.
    @inline(__always)
    func spread(_ cells: WindowCells<Element>) {
        let (sums, beta) = (weights.sums(cells, takesMean: true, keeps: true), weights.rate)
        let inverse = 1 / sums.weights
        weights.spread(cells, sums) { x, weight in
            // Halves, because the difference of two finite numbers may overflow; an infinite mean is all that has weight.
            let difference = (x * 0.5 - sums.mean * 0.5).replacing(with: 0, where: x .== sums.mean)
            return (weight * inverse * (difference * (2 * beta) + 1)).replacing(with: 0, where: weight .== 0)
        }
    }
}

extension SoftmaxReduction: TermDifferentiable {
    typealias First = SumFold<Row>
    typealias Second = SumFold<Row>

    static var hasSecond: Bool { true }
    static var termsAreQuick: Bool { false }

    @inline(__always)
    func terms(_ x: Row.Vector) -> Terms {
        let weight = weight(x)
        return (weight, Row.product(weight, x))
    }

    @inline(__always)
    private func weight(_ x: Row.Vector) -> Row.Vector { Row.exponentials(x, rate: weights.rate, of: Element.self) }

    @inline(__always)
    func value(_ folded: Terms, counts: Counts) -> (value: Row.Vector, witness: Row.Vector) {
        let isFinite = Row.difference(folded.second, folded.second)
        return (
            Row.quotient(folded.second, folded.first),
            Row.sum(weights.witness(folded.first, in: Row.self), isFinite)
        )
    }

    @inline(__always)
    func slopes(_ folded: Terms, counts: Counts, incoming: Row.Vector) -> (slopes: Terms, witness: Row.Vector) {
        let (mean, witness) = value(folded, counts: counts)
        let slope = Row.quotient(incoming, folded.first)
        return ((slope, Row.product(slope, mean)), witness)
    }

    /// Σ w·(1 + β(x − mean)); cells are multiplied by weights first, because a cell of weight 0 may overflow otherwise.
    @inline(__always)
    func derivative(_ x: Row.Vector, _ slopes: Terms) -> Row.Vector {
        let (weight, weighted) = terms(x)
        let difference = Row.difference(Row.product(weighted, slopes.first), Row.product(weight, slopes.second))
        return Row.sum(
            Row.product(weight, slopes.first), Row.product(Row.Vector(repeating: Row(weights.rate)), difference))
    }
}
