/// log(mean e^(r·x))/r: between the mean (r → 0), the maximum (r → ∞) and the minimum (r → −∞).
///
/// Stable: the largest exponent is taken out. Infinities behave as in `torch.logsumexp`.
struct LogSumExpOp: LearnableOp {
    static let descriptor = OpDescriptor(
        "logsumexp", gradient: .input,
        parameters: [
            ParameterDescriptor("r", "number|list", default: .number(FieldNumber(1)), "not 0; or one per channel")
        ],
        summary: "log(mean exp(r*x))/r", source: "Pinheiro, Collobert 2015; timm LsePlus2d")

    var parameter: LearnableParameter
    private var r: Double { parameter.first }

    init(_ reader: inout FieldReader, _ context: OpContext) throws(PoolingRefusal) {
        parameter = try reader.takeLearnable("r", default: 1, "other than 0") { $0 != 0 }
    }

    var weight: OpWeight { .exponentials }

    var reducers: Reducers {
        Reducers(
            float: Reducer(LogMeanExpReduction<Float>(r: r)), double: Reducer(LogMeanExpReduction<Double>(r: r)))
    }

    /// (Σ w·x − value)/r with w = e^(r·x)/Σ e^(r·x).
    func parameterDerivative(_ cells: WindowCells) -> Double {
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

private struct LogMeanExpReduction<Element: RealElement>: Reduction {
    let r: Double

    @inline(__always)
    func reduce(_ tile: WindowTile<Element>, _ scratch: WindowScratch<Element>) {
        let (maxima, sums) = tile.exponentialSums(scratch, rate: r)
        for lane in 0..<tile.laneCount {
            scratch.results[lane] = Element((maxima[lane] + Libm.log(sums[lane] / Double(tile.tapCount))) / r)
        }
    }

    /// e^(r·x)/Σ e^(r·x).
    @inline(__always)
    func differentiate(_ tile: WindowTile<Element>, _ scratch: WindowScratch<Element>) {
        let (maxima, sums) = tile.exponentialSums(scratch, rate: r)
        tile.spread(scratch) { lane, cell in Libm.exp(r * cell - maxima[lane]) / sums[lane] }
    }
}
