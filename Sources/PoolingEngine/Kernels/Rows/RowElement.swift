/// A stored type whose elements can be folded row by row: as they are, or widened.
protocol RowElement: StoredElement {
    associatedtype Row: RowValue
    /// What elements are folded as together with their indices; holds each of them exactly.
    associatedtype IndexedRow: IndexedRowValue

    var row: Row { get }
    init(folded row: Row)
    var indexedRow: IndexedRow { get }
    init(selected row: IndexedRow)
}

extension RowElement where Row == IndexedRow {
    @inline(__always) var indexedRow: Row { row }
    @inline(__always) init(selected row: Row) { self.init(folded: row) }
}

extension Float: RowElement {
    typealias IndexedRow = Float

    @inline(__always) var row: Float { self }
    @inline(__always) init(folded row: Float) { self = row }
}

extension Double: RowElement {
    typealias IndexedRow = Double

    @inline(__always) var row: Double { self }
    @inline(__always) init(folded row: Double) { self = row }
}

extension StoredFloat16: RowElement {
    typealias IndexedRow = Float

    @inline(__always) var row: Float { computed }
    @inline(__always) init(folded row: Float) { self.init(nearest: row) }
}

extension StoredBFloat16: RowElement {
    typealias IndexedRow = Float

    @inline(__always) var row: Float { computed }
    @inline(__always) init(folded row: Float) { self.init(nearest: row) }
}

extension RowElement where Self: StoredInteger, Self: RowValue {
    @inline(__always) var row: Self { self }
    @inline(__always) init(folded row: Self) { self = row }
}

extension Int32: RowElement { typealias IndexedRow = Int32 }
extension Int64: RowElement { typealias IndexedRow = Int64 }

/// Integers of up to 16 bits, all of which a `Float` holds.
extension RowElement where Self: StoredInteger, IndexedRow == Float {
    @inline(__always) var indexedRow: Float { Float(self) }
    @inline(__always) init(selected row: Float) { self = Self(whole: row) }
}

extension StoredInteger {
    /// A number that came from this type.
    @inline(__always)
    fileprivate init(whole row: Float) { self.init(truncatingIfNeeded: Int32(row)) }
}

extension Int8: RowElement { typealias IndexedRow = Float }
extension UInt8: RowElement { typealias IndexedRow = Float }
extension Int16: RowElement { typealias IndexedRow = Float }
extension UInt16: RowElement { typealias IndexedRow = Float }

extension RowElement where Computed: RealElement, Row == Computed {
    static func rowKernel(_ maker: RowKernelMaker) -> PlannedKernel? { maker.real(Self.self) }

    static func tapKernel(_ geometry: WindowGeometry, _ weights: WeightTable) -> PlannedKernel? {
        PlaneTapKernel<Self>(geometry, weights).map { PlannedKernel($0) }
            ?? TapRows(geometry, weights).map { PlannedKernel(TapKernel<Self>($0, weights)) }
    }

    static func tapGradients<Sum: RealElement>(
        _ geometry: WindowGeometry, _ weights: WeightTable, _ sum: Sum.Type
    ) -> (kernel: PlannedBackwardKernel, derivatives: TapDerivatives)? {
        if let kernel = PlaneTapGradientKernel<Self, Sum>(geometry, weights) {
            return (
                PlannedBackwardKernel(kernel),
                TapDerivatives(geometry, count: kernel.count, weights, Self.self)
            )
        }
        return TapRows(geometry, weights).map { rows in
            (
                PlannedBackwardKernel(TapGradientKernel<Self, Sum>(rows, weights)),
                TapDerivatives(rows, weights, Self.self)
            )
        }
    }

    static func spreadKernel<Sum: RealElement>(
        _ geometry: WindowGeometry, _ divisor: MeanDivisor?, _ sum: Sum.Type
    ) -> PlannedBackwardKernel? {
        SpreadKernel<Self, Sum>(geometry, divisor).map { PlannedBackwardKernel($0) }
    }
}

/// Integers have neither weighted cells nor gradients.
extension RowElement where Self: StoredInteger {
    static func rowKernel(_ maker: RowKernelMaker) -> PlannedKernel? { maker.selection(Self.self) }

    static func tapKernel(_ geometry: WindowGeometry, _ weights: WeightTable) -> PlannedKernel? { nil }

    static func tapGradients<Sum: RealElement>(
        _ geometry: WindowGeometry, _ weights: WeightTable, _ sum: Sum.Type
    ) -> (kernel: PlannedBackwardKernel, derivatives: TapDerivatives)? { nil }

    static func spreadKernel<Sum: RealElement>(
        _ geometry: WindowGeometry, _ divisor: MeanDivisor?, _ sum: Sum.Type
    ) -> PlannedBackwardKernel? { nil }
}
