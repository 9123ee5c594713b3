/// log(mean e^(r·x))/r: between the mean (r → 0), the maximum (r → ∞) and the minimum (r → −∞).
///
/// Stable: the largest exponent is taken out. Infinities behave as in `torch.logsumexp`.
struct LogSumExpOp: PoolingOp {
    static let descriptor = OpDescriptor(
        "logsumexp", gradient: .input,
        parameters: [ParameterDescriptor("r", "number", default: .number(FieldNumber(1)), "not 0")],
        summary: "log(mean exp(r*x))/r", source: "Pinheiro, Collobert 2015; timm LsePlus2d")

    private let r: Double

    init(_ reader: inout FieldReader, _ context: OpContext) throws(PoolingRefusal) {
        r = try reader.takeNumber("r", default: 1, "other than 0") { $0 != 0 }
    }

    var weight: OpWeight { .exponentials }

    var reducers: Reducers {
        Reducers(
            float: Reducer(LogMeanExpReduction<Float>(r: r)), double: Reducer(LogMeanExpReduction<Double>(r: r)))
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
