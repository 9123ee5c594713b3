/// A measure of how far the cells of windows are from their mean, such as the variance.
protocol Dispersion: Sendable {
    static var descriptor: OpDescriptor { get }

    /// - Parameter divisor: above 0.
    static func value<Element>(_ deviation: Deviation<Element>, _ divisor: Double) -> Lanes

    /// The derivatives over the deviations of the cells; nil where they are 0 whatever the cells are.
    static func factor<Element>(_ deviation: Deviation<Element>, _ divisor: Double) -> Lanes?
}

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
            float: Reducer(DispersionReduction<Float, Measure>(correction: correction)),
            double: Reducer(DispersionReduction<Double, Measure>(correction: correction)))
    }
}

extension ParameterDescriptor {
    static let correction = ParameterDescriptor(
        "correction", "number", default: .number(FieldNumber(0)), "taken off the count: 1 is Bessel's")
}

private struct DispersionReduction<Element: RealElement, Measure: Dispersion>: FoldReduction {
    let correction: Double

    @inline(__always)
    func value(_ cells: WindowCells<Element>) -> Lanes {
        let (deviation, divisor) = (Deviation(cells), Double(cells.count) - correction)
        return divisor > 0 ? Measure.value(deviation, divisor) : Lanes(repeating: .nan)
    }

    @inline(__always)
    func spread(_ cells: WindowCells<Element>) {
        let (deviation, divisor) = (Deviation(cells), Double(cells.count) - correction)
        guard let factor = Measure.factor(deviation, divisor) else { return deviation.spread(cells) { _ in .zero } }
        deviation.spread(cells) { $0 * factor }
    }
}
