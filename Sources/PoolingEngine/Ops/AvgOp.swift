/// The mean of each window's elements.
///
/// The divisor is `divisor_override`, else with `count_include_pad` the cells within the declared padding (those beyond
/// it, which `ceil_mode` adds, never count), else the elements. Sums are as in ``SumOp``; an integer mean rounds half
/// to even.
struct AvgOp: PoolingOp {
    static let descriptor = OpDescriptor(
        "avg", gradient: .inputShape, supportsIntegers: true,
        parameters: [
            ParameterDescriptor(
                "count_include_pad", "boolean",
                "whether the divisor counts padded cells; default: true, with padding 'same' false (sliding only)",
                otherNames: OtherNames([
                    "includepad", "countincludepadding", "includepadding", "countpad", "countpadding",
                ]).with(
                    "with the opposite value",
                    ["excludepad", "excludepadding", "exclusive", "countexcludepad", "countexcludepadding"])),
            ParameterDescriptor(
                "divisor_override", "integer", "a divisor to use instead, not 0",
                otherNames: ["divisor", "divisoroverwrite"]),
        ],
        summary: "the mean of the elements", source: "torch.nn.AvgPool2d, ONNX AveragePool, tf.nn.avg_pool",
        otherNames: [
            "mean", "average", "ave", "reducemean", "avgpool", "avgpooling", "averagepool", "averagepooling",
            "meanpool", "meanpooling",
        ])

    private let divisor: MeanDivisor

    init(_ reader: inout FieldReader, _ context: OpContext) throws(PoolingError) {
        let override = try reader.takeInteger(
            "divisor_override", in: -FieldNames.largestExtent...FieldNames.largestExtent)
        if override == 0 {
            throw reader.outOfRange("0", at: "divisor_override", "other than 0")
        }
        let includesPadding =
            try context.countsPadding.map { (standard) throws(PoolingError) in
                try reader.takeBool("count_include_pad", default: standard)
            } ?? false
        divisor = override.map { .fixed($0) } ?? (includesPadding ? .declared : .elements)
    }

    var fold: WindowFold? { .sum(divisor) }
    static var takesSamples: Bool { true }
    var dividesByCount: Bool { true }

    var reducers: Reducers {
        Reducers(
            float: Reducer(MeanReduction<Float>(divisor: divisor))
                .sharing(TermKernels(scattering: MeanReduction(divisor: divisor))),
            double: Reducer(MeanReduction<Double>(divisor: divisor)),
            integer: { Reducer(IntegerMeanReduction(divisor: divisor)) })
    }
}

struct MeanReduction<Element: RealElement>: TermReduction {
    typealias Row = Double

    let divisor: MeanDivisor

    @inline(__always)
    func terms(_ x: Lanes) -> Terms { (x, .zero) }

    /// Of windows without padding.
    @inline(__always)
    func value(_ folded: Terms, counts: Counts) -> (value: Lanes, witness: Lanes) {
        (Element.rounded(folded.first) / divisor.numbers(counts.numbers), .zero)
    }

    @inline(__always)
    func value(_ cells: WindowCells<Element>) -> Lanes {
        // The sum is rounded before the division, so that one which overflows is an infinity (IEEE).
        Element.rounded(cells.sum { $0 }) / divisor.number(cells.tile)
    }

    @inline(__always)
    func spread(_ cells: WindowCells<Element>) {
        let share = Lanes(repeating: 1 / divisor.number(cells.tile))
        cells.spread { _ in share }
    }
}

private struct IntegerMeanReduction: Reduction {
    let divisor: MeanDivisor

    func reduce(_ tile: WindowTile<Int64>, _ scratch: WindowScratch<Int64>) {
        let count = Int128(divisor.number(tile))
        for lane in 0..<tile.laneCount {
            tile.store(tile.exactSum(ofLane: lane).dividedToNearestEven(by: count), lane, scratch)
        }
    }

    // Gradients are rejected for integer tensors while planning.
    func differentiate(_ tile: WindowTile<Int64>, _ scratch: WindowScratch<Int64>) {}
}

extension Int128 {
    fileprivate func dividedToNearestEven(by divisor: Int128) -> Int128 {
        let (quotient, remainder) = quotientAndRemainder(dividingBy: divisor)
        let twice = remainder.magnitude * 2
        let roundsAway =
            twice > divisor.magnitude || (twice == divisor.magnitude && !quotient.isMultiple(of: 2))
        return roundsAway ? quotient + ((self < 0) == (divisor < 0) ? 1 : -1) : quotient
    }
}
