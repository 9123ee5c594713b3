/// SoftPool: Σ x·e^(βx) / Σ e^(βx), the mean weighted by the softmax of the window.
///
/// Stable: the largest exponent is taken out.
struct SoftmaxOp: LearnableOp {
    static let descriptor = OpDescriptor(
        "softmax", gradient: .input,
        parameters: [
            ParameterDescriptor(
                "beta", "number|list", default: .number(FieldNumber(1)), "0 is the mean; or one per channel")
        ],
        summary: "sum x*exp(beta*x) / sum exp(beta*x)", source: "Stergiou, Poppe, Kalliatakis 2021 (SoftPool)")

    var parameter: LearnableParameter
    private var beta: Double { parameter.first }

    init(_ reader: inout FieldReader, _ context: OpContext) throws(PoolingRefusal) {
        parameter = try reader.takeLearnable("beta", default: 1, "a finite number") { _ in true }
    }

    var weight: OpWeight { .exponentials }

    var reducers: Reducers {
        Reducers(
            float: Reducer(SoftmaxReduction<Float>(beta: beta)), double: Reducer(SoftmaxReduction<Double>(beta: beta)))
    }

    /// Σ w·(x − value)² with w = e^(βx)/Σ e^(βx).
    func parameterDerivative(_ cells: WindowCells) -> Double {
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

private struct SoftmaxReduction<Element: RealElement>: Reduction {
    let beta: Double

    /// The weighted mean of each lane, in accumulator 2.
    @inline(__always)
    private func means(
        _ tile: WindowTile<Element>, _ scratch: WindowScratch<Element>, maxima: UnsafeMutablePointer<Double>,
        sums: UnsafeMutablePointer<Double>
    ) -> UnsafeMutablePointer<Double> {
        let means = scratch.accumulator(2)
        tile.forEachTap(scratch) { tap in
            let row = tile.row(tap)
            for lane in 0..<tile.laneCount {
                let cell = row[lane].double
                means[lane] += cell * (Libm.exp(beta * cell - maxima[lane]) / sums[lane])
            }
        }
        return means
    }

    @inline(__always)
    func reduce(_ tile: WindowTile<Element>, _ scratch: WindowScratch<Element>) {
        let (maxima, sums) = tile.exponentialSums(scratch, rate: beta)
        let means = means(tile, scratch, maxima: maxima, sums: sums)
        for lane in 0..<tile.laneCount { scratch.results[lane] = Element(means[lane]) }
    }

    /// w·(1 + β(x − mean)).
    @inline(__always)
    func differentiate(_ tile: WindowTile<Element>, _ scratch: WindowScratch<Element>) {
        let (maxima, sums) = tile.exponentialSums(scratch, rate: beta)
        let means = means(tile, scratch, maxima: maxima, sums: sums)
        tile.spread(scratch) { lane, cell in
            Libm.exp(beta * cell - maxima[lane]) / sums[lane] * (1 + beta * (cell - means[lane]))
        }
    }
}
