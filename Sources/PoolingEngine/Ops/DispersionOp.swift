/// A dispersion with the divisor n − correction; NaN where n ≤ correction, and the derivative is 0 there.
///
/// A protocol for the reason that ``ExtremumOp`` is one.
protocol DispersionOp: PoolingOp {
    associatedtype Measure: Dispersion

    var correction: Double { get }

    init(correction: Double)
}

extension DispersionOp {
    static var descriptor: OpDescriptor { Measure.descriptor }

    init(_ reader: inout FieldReader, _ context: OpContext) throws(PoolingError) {
        self.init(correction: try reader.takeNumber("correction", default: 0, "at least 0") { $0 >= 0 })
    }

    @inline(__always)
    var reducers: Reducers {
        Reducers(
            float: Reducer(DispersionReduction<Float, Measure>(correction: correction))
                .sharing(TermKernels(DispersionReduction<Float, Measure>(correction: correction))),
            double: Reducer(DispersionReduction<Double, Measure>(correction: correction)))
    }
}

extension ParameterDescriptor {
    static let correction = ParameterDescriptor(
        "correction", "number", default: .number(FieldNumber(0)), "taken off the count: 1 is Bessel's",
        otherNames: ["ddof", "unbiased", "bessel"])
}

private struct DispersionReduction<Element: RealElement, Measure: Dispersion>: FoldReduction {
    let correction: Double

    @inline(__always)
    func value(_ cells: WindowCells<Element>) -> Lanes {
        let (deviation, divisor) = (Deviation(cells), Double(cells.count) - correction)
        guard divisor > 0 else { return Lanes(repeating: .nan) }
        return Measure.value(deviation, mean: deviation.squares / divisor)
    }

    @inline(__always)
    func spread(_ cells: WindowCells<Element>) {
        let (deviation, divisor) = (Deviation(cells), Double(cells.count) - correction)
        guard divisor > 0 else { return deviation.spread(cells) { _ in .zero } }
        let factor = Measure.factor(
            deviation, mean: deviation.squares / divisor, share: Lanes(repeating: 1 / divisor))
        deviation.spread(cells) { $0 * factor }
    }
}

/// Σx and Σx², where Σx² is not so much larger than the sum of squared deviations that these would lose digits of a
/// `Float`: their error is at most (rows + columns)·2^-32 of them.
extension DispersionReduction: TermDifferentiable {
    typealias Row = Double

    static var hasSecond: Bool { true }
    static var losesNothing: Bool { false }
    /// Deviations whose squares add up to a smaller part of Σx² are computed one by one.
    private static var smallestPart: Double { 0x1p-20 }

    @inline(__always)
    func terms(_ x: Lanes) -> Terms { (x, x * x) }

    @inline(__always)
    private func deviation(_ folded: Terms, _ counts: Counts) -> (deviation: Deviation<Element>, witness: Lanes) {
        let squares = folded.second - folded.first * (folded.first * counts.inverses)
        let rest = squares - folded.second * Self.smallestPart
        return (Deviation(squares: squares), rest.replacing(with: folded.second, where: counts.numbers .== 1))
    }

    /// 1/(n − correction), or 0 where that is not above 0.
    @inline(__always)
    private func share(_ counts: Counts) -> Lanes {
        guard correction > 0 else { return counts.inverses }
        let divisor = counts.numbers - correction
        return (1 / divisor).replacing(with: 0, where: divisor .<= 0)
    }

    @inline(__always)
    func value(_ folded: Terms, counts: Counts) -> (value: Lanes, witness: Lanes) {
        let (deviation, witness) = deviation(folded, counts)
        let share = share(counts)
        let value = Measure.value(deviation, mean: deviation.squares * share)
        return (value.replacing(with: .nan, where: share .<= 0), witness)
    }

    @inline(__always)
    func slopes(_ folded: Terms, counts: Counts, incoming: Lanes) -> (slopes: Terms, witness: Lanes) {
        let (deviation, witness) = deviation(folded, counts)
        let share = share(counts)
        let factor = Measure.factor(deviation, mean: deviation.squares * share, share: share)
        let slope = (factor * incoming).replacing(with: 0, where: share .<= 0)
        return ((slope, slope * (folded.first * counts.inverses)), witness)
    }

    @inline(__always)
    func derivative(_ x: Lanes, _ slopes: Terms) -> Lanes { x * slopes.first - slopes.second }
}
