/// The sum of each window's elements.
///
/// Kernels that fold rows add in the precision that the type computes in, within the bound that ``SumFold`` states; the
/// reference accumulates in double precision and rounds once. An overflow is an infinity. Integer sums are exact, and
/// one that its type cannot hold is an error.
struct SumOp: PoolingOp {
    static let descriptor = OpDescriptor(
        "sum", gradient: .inputShape, supportsIntegers: true,
        summary: "the sum of the elements", source: "jax.lax.reduce_window with lax.add",
        otherNames: ["add", "total", "sumpool", "reducesum"])

    static var staysInRange: Bool { false }

    init(_ reader: inout FieldReader, _ context: OpContext) {}

    var fold: WindowFold? { .sum(nil) }

    var reducers: Reducers {
        Reducers(
            float: Reducer(SumReduction<Float>()).sharing(TermKernels(scattering: SumReduction())),
            double: Reducer(SumReduction<Double>()),
            integer: { Reducer(IntegerSumReduction()) })
    }
}

struct SumReduction<Element: RealElement>: TermReduction {
    typealias Row = Double

    @inline(__always)
    func value(_ cells: WindowCells<Element>) -> Lanes { cells.sum { $0 } }

    @inline(__always)
    func terms(_ x: Lanes) -> Terms { (x, .zero) }

    @inline(__always)
    func value(_ folded: Terms, counts: Counts) -> (value: Lanes, witness: Lanes) { (folded.first, .zero) }

    @inline(__always)
    func spread(_ cells: WindowCells<Element>) { cells.spread { _ in Lanes(repeating: 1) } }
}

private struct IntegerSumReduction: Reduction {
    func reduce(_ tile: WindowTile<Int64>, _ scratch: WindowScratch<Int64>) {
        for lane in 0..<tile.laneCount { tile.store(tile.exactSum(ofLane: lane), lane, scratch) }
    }

    // Gradients are rejected for integer tensors while planning.
    func differentiate(_ tile: WindowTile<Int64>, _ scratch: WindowScratch<Int64>) {}
}
