/// alpha·max + (1 − alpha)·avg; the indices name the maximum, and the rest of the gradient is spread evenly.
///
/// NaN propagates; the average counts elements only. Where ``Float/mostAdditions`` says that sums are in single precision,
/// the error is at most (rows + columns + 2)·2^-24·(1 − alpha)·Σ|x|/n + 2^-23·alpha·max|x|, before the result is rounded.
struct MixedOp: LearnableOp {
    static let descriptor = OpDescriptor(
        "mixed", gradient: .indices,
        parameters: [
            ParameterDescriptor(
                "alpha", "number|list", default: .number(FieldNumber(value: 0.5, whole: nil)),
                "the share of the maximum, or one per channel")
        ],
        summary: "alpha*max + (1-alpha)*avg", source: "Lee, Gallagher, Tu 2016; timm avgmax",
        otherNames: ["avgmax", "mixedpool", "maxavg"])

    var parameter: LearnableParameter
    private var alpha: Double { parameter.first }

    init(_ reader: inout FieldReader, _ context: OpContext) throws(PoolingError) {
        parameter = try reader.takeLearnable("alpha", default: 0.5, "a finite number") { _ in true }
    }

    var spreadsBeyondIndices: Bool { true }

    var reducers: Reducers {
        Reducers(
            float: Reducer(MixedReduction<Float, Double>(alpha: alpha), reads: .folds)
                .sharing(kernels),
            double: Reducer(MixedReduction<Double, Double>(alpha: alpha), reads: .folds))
    }

    private var kernels: TermKernels<Float> {
        let kernels = TermKernels(MixedReduction<Float, Double>(alpha: alpha))
        // Between the two, nothing overflows that the sum does not.
        guard (0...1).contains(alpha) else { return kernels }
        return kernels.preferring(MixedReduction<Float, Float>(alpha: alpha))
    }

    /// max − avg.
    func parameterDerivative(_ cells: CellValues) -> Double {
        let mean = cells.sum { $0 } / Double(cells.count)
        let derivative = cells.largest { $0 } - mean
        return derivative.isFinite ? derivative : 0
    }
}

private struct MixedReduction<Element: RealElement, Row: TermRow>: SelectingReduction, FoldReduction {
    let alpha: Double
    private let maximum = ExtremumReduction<Element, Larger>(nan: .propagate)

    init(alpha: Double) { self.alpha = alpha }

    var selectedShare: Double { alpha }

    @inline(__always)
    func select(_ tile: WindowTile<Element>, _ scratch: WindowScratch<Element>) {
        guard tile.isSplit else { return maximum.select(tile, scratch) }
        let largest = WindowCells(tile: tile, scratch: scratch, lane: 0).largest { $0 }[0]
        let taps = 0..<tile.tapCount
        let tap = largest.isNaN ? taps.last { tile.values[$0].isNaN } : taps.first { tile.values[$0].double == largest }
        scratch.selected[0] = tap ?? 0
    }

    @inline(__always)
    func value(_ cells: WindowCells<Element>) -> Lanes {
        let (sum, largest) = cells.sumAndLargest()
        return largest * alpha + sum / Double(cells.count) * (1 - alpha)
    }

    @inline(__always)
    func spread(_ cells: WindowCells<Element>) {
        let share = Lanes(repeating: (1 - alpha) / Double(cells.count))
        cells.spread { _ in share }
    }

    @inline(__always)
    func reduce(_ tile: WindowTile<Element>, _ scratch: WindowScratch<Element>) { fold(tile, scratch) }

    /// Finding the largest cell leaves its value among the results, so that they come last.
    @inline(__always)
    func reduceSelecting(_ tile: WindowTile<Element>, _ scratch: WindowScratch<Element>) {
        select(tile, scratch)
        fold(tile, scratch)
    }

    @inline(__always)
    func differentiate(_ tile: WindowTile<Element>, _ scratch: WindowScratch<Element>) {
        select(tile, scratch)
        spreadFold(tile, scratch)
        for lane in 0..<tile.laneCount {
            let gradient = scratch.gradients + (scratch.selected[lane] &* tile.laneCapacity &+ lane)
            gradient.pointee = Element(gradient.pointee.double + alpha * scratch.incoming[lane].double)
        }
    }
}

extension MixedReduction: TermReduction {
    typealias First = ExtremumFold<Row, Larger>
    typealias Second = SumFold<Row>

    static var hasSecond: Bool { true }
    static var neutral: (first: Row, second: Row) { (-.infinity, 0) }

    @inline(__always)
    func terms(_ x: Row.Vector) -> Terms { (x, x) }

    @inline(__always)
    func value(_ folded: Terms, counts: Counts) -> (value: Row.Vector, witness: Row.Vector) {
        let (maximum, average) = (Row.Vector(repeating: Row(alpha)), Row.Vector(repeating: Row(1 - alpha)))
        let mean = Row.product(folded.second, counts.inverses)
        // The sum may overflow where the average does not.
        let isFinite = Row.difference(folded.second, folded.second)
        return (Row.sum(Row.product(folded.first, maximum), Row.product(mean, average)), isFinite)
    }
}
