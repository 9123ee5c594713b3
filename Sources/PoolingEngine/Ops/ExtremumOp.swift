/// Which of two cells is the more extreme.
protocol ExtremumOrder: Sendable {
    static var descriptor: OpDescriptor { get }
    /// Whether interpolated samples can be compared in this order.
    static var takesSamples: Bool { get }
    /// The sign of a structuring element's numbers.
    static var sign: Double { get }

    static func fold(_ nan: NaNPolicy) -> WindowFold
    /// Whether `cell` is the more extreme; false where one is NaN.
    static func beats<Element: Comparable>(_ cell: Element, _ best: Element) -> Bool
    /// Where `best` is the more extreme; false where one is NaN.
    static func isBeaten<E: RowValue>(_ cell: E.Vector, by best: E.Vector, of type: E.Type) -> E.Mask
}

extension ExtremumOrder {
    /// Whether `cell` is selected after `best`, which comes first.
    @inline(__always)
    static func selects<Element: PoolingElement>(_ cell: Element, over best: Element, _ nan: NaNPolicy) -> Bool {
        switch nan {
        case .propagate: beats(cell, best) || cell.isNaN
        case .ignore: beats(cell, best) || (best.isNaN && !cell.isNaN)
        }
    }
}

/// The most extreme element of each window, or of each sum with a structuring element.
///
/// Padding is never a candidate; the first of equal elements is named. See ``ExtremumReduction`` for NaN and zeros.
///
/// A protocol and no generic type: reductions are compiled for their types only where the type of the op is concrete.
protocol ExtremumOp: PoolingOp {
    associatedtype Order: ExtremumOrder

    var nan: NaNPolicy { get }
    var structure: StructuringElement? { get set }

    init(nan: NaNPolicy, structure: StructuringElement?)
}

extension ExtremumOp {
    static var descriptor: OpDescriptor { Order.descriptor }

    init(_ reader: inout FieldReader, _ context: OpContext) throws(PoolingError) {
        self.init(
            nan: try reader.takeCase("nan", default: NaNPolicy.propagate),
            structure: context.hasStructure ? try StructuringElement(&reader) : nil)
    }

    /// Sums with a structuring element are for floating-point types.
    var descriptor: OpDescriptor {
        structure == nil ? Self.descriptor : Self.descriptor.withoutIntegers(because: StructuringElement.typeCondition)
    }
    var variation: PlaneVariation { structure?.hasChannels == true ? .channel : .none }

    var tableByteCount: Int { structure?.byteCount ?? 0 }
    var tableGradient: TableGradient? { structure?.gradient(Order.self, nan) }

    func fitted(to kernel: [Int], _ axes: PooledAxes, _ reader: FieldReader) throws(PoolingError) -> any PoolingOp {
        var fitted = self
        fitted.structure = try structure?.fitted(to: kernel, channels: axes.channel.map { axes.shape[$0] }, reader)
        return fitted
    }

    var fold: WindowFold? { structure == nil ? Order.fold(nan) : nil }
    static var takesSamples: Bool { Order.takesSamples }
    static var comparesSamples: Bool { Order.takesSamples }

    func sampleReduction(_ geometry: SampledGeometry) -> SampleReduction {
        geometry.comparesCorners ? .largestCorner(nan) : .maximum(nan)
    }

    @inline(__always)
    var reducers: Reducers {
        if let structure { return structure.reducers(Order.self, nan) }
        return Reducers(
            float: Reducer(ExtremumReduction<Float, Order>(nan: nan), reads: .rows),
            double: Reducer(ExtremumReduction<Double, Order>(nan: nan), reads: .rows),
            integer: { Reducer(ExtremumReduction<Int64, Order>(nan: nan)) })
    }
}
