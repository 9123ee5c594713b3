/// A stored type whose elements can be folded row by row: as they are, or widened.
protocol RowElement: StoredElement {
    associatedtype Row: RowValue
    /// What elements are folded as together with their places; holds each of them exactly.
    associatedtype PlacedRow: PlacedRowValue

    var row: Row { get }
    init(folded row: Row)
    var placedRow: PlacedRow { get }
    init(chosen row: PlacedRow)
}

extension RowElement where Row == PlacedRow {
    @inline(__always) var placedRow: Row { row }
    @inline(__always) init(chosen row: Row) { self.init(folded: row) }
}

extension Float: RowElement {
    typealias PlacedRow = Float

    @inline(__always) var row: Float { self }
    @inline(__always) init(folded row: Float) { self = row }
}

extension Double: RowElement {
    typealias PlacedRow = Double

    @inline(__always) var row: Double { self }
    @inline(__always) init(folded row: Double) { self = row }
}

extension StoredFloat16: RowElement {
    typealias PlacedRow = Float

    @inline(__always) var row: Float { computed }
    @inline(__always) init(folded row: Float) { self.init(nearest: row) }
}

extension StoredBFloat16: RowElement {
    typealias PlacedRow = Float

    @inline(__always) var row: Float { computed }
    @inline(__always) init(folded row: Float) { self.init(nearest: row) }
}

extension RowElement where Self: StoredInteger, Self: RowValue {
    @inline(__always) var row: Self { self }
    @inline(__always) init(folded row: Self) { self = row }
}

extension Int32: RowElement { typealias PlacedRow = Int32 }
extension Int64: RowElement { typealias PlacedRow = Int64 }

/// Integers of up to 16 bits, all of which a `Float` holds.
extension RowElement where Self: StoredInteger, PlacedRow == Float {
    @inline(__always) var placedRow: Float { Float(self) }
    @inline(__always) init(chosen row: Float) { self = Self(whole: row) }
}

extension StoredInteger {
    /// A number that came from this type.
    @inline(__always)
    fileprivate init(whole row: Float) { self.init(truncatingIfNeeded: Int32(row)) }
}

extension Int8: RowElement { typealias PlacedRow = Float }
extension UInt8: RowElement { typealias PlacedRow = Float }
extension Int16: RowElement { typealias PlacedRow = Float }
extension UInt16: RowElement { typealias PlacedRow = Float }

extension RowElement where Row: BinaryFloatingPoint & SummedRowValue & PlacedRowValue, PlacedRow == Row {
    static func rowKernel(_ maker: RowKernelMaker) -> RowKernel? { maker.real(Self.self) }
}

extension RowElement where Self: StoredInteger {
    static func rowKernel(_ maker: RowKernelMaker) -> RowKernel? { maker.choice(Self.self) }
}
