/// alpha·max + (1 − alpha)·avg; the mask names the maximum, and the rest of the gradient is spread evenly.
///
/// NaN propagates; the average counts elements only.
struct MixedOp: LearnableOp {
    static let descriptor = OpDescriptor(
        "mixed", gradient: .mask,
        parameters: [
            ParameterDescriptor(
                "alpha", "number|list", default: .number(FieldNumber(value: 0.5, whole: nil)),
                "the share of the maximum, or one per channel")
        ],
        summary: "alpha*max + (1-alpha)*avg", source: "Lee, Gallagher, Tu 2016; timm avgmax")

    var parameter: LearnableParameter
    private var alpha: Double { parameter.first }

    init(_ reader: inout FieldReader, _ context: OpContext) throws(PoolingRefusal) {
        parameter = try reader.takeLearnable("alpha", default: 0.5, "a finite number") { _ in true }
    }

    var spreadsBesideIndices: Bool { true }

    var reducers: Reducers {
        Reducers(
            float: Reducer(MixedReduction<Float>(alpha: alpha)), double: Reducer(MixedReduction<Double>(alpha: alpha)))
    }

    /// max − avg.
    func parameterDerivative(_ cells: WindowCells) -> Double {
        let mean = cells.sum { $0 } / Double(cells.count)
        let derivative = cells.largest { $0 } - mean
        return derivative.isFinite ? derivative : 0
    }
}

private struct MixedReduction<Element: RealElement>: SelectingReduction {
    let alpha: Double
    private let maximum = ExtremumReduction<Element, Larger>(nan: .propagate)

    init(alpha: Double) { self.alpha = alpha }

    var selectedShare: Double { alpha }

    @inline(__always)
    func select(_ tile: WindowTile<Element>, _ scratch: WindowScratch<Element>) {
        maximum.select(tile, scratch)
    }

    @inline(__always)
    func reduce(_ tile: WindowTile<Element>, _ scratch: WindowScratch<Element>) {
        select(tile, scratch)
        let sums = tile.sums(scratch)
        for lane in 0..<tile.laneCount {
            let mean = sums[lane] / Double(tile.tapCount)
            scratch.results[lane] = Element(alpha * scratch.results[lane].double + (1 - alpha) * mean)
        }
    }

    @inline(__always)
    func differentiate(_ tile: WindowTile<Element>, _ scratch: WindowScratch<Element>) {
        select(tile, scratch)
        tile.spreadEvenly(scratch, share: (1 - alpha) / Double(tile.tapCount))
        for lane in 0..<tile.laneCount {
            let gradient = scratch.gradients + (scratch.selected[lane] &* tile.laneCapacity &+ lane)
            gradient.pointee = Element(gradient.pointee.double + alpha * scratch.incoming[lane].double)
        }
    }
}
