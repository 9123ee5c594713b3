/// A number type that rows are folded in.
///
/// The loops over rows are plain, generic over this type and specialised for each: the compiler turns them into the
/// widest vectors that the build's instruction set has.
protocol RowValue: Comparable, BitwiseCopyable, Sendable {
    static var zero: Self { get }
    /// Whether comparisons with it are all false.
    var isUnordered: Bool { get }
}

extension Float: RowValue {
    @inline(__always) var isUnordered: Bool { self != self }
}

extension Double: RowValue {
    @inline(__always) var isUnordered: Bool { self != self }
}

extension RowValue where Self: FixedWidthInteger {
    @inline(__always) var isUnordered: Bool { false }
}

extension Int8: RowValue {}
extension UInt8: RowValue {}
extension Int16: RowValue {}
extension UInt16: RowValue {}
extension Int32: RowValue {}
extension Int64: RowValue {}

/// A stored type whose elements can be folded row by row: as they are, or widened.
protocol RowElement: StoredElement {
    associatedtype Row: RowValue

    var row: Row { get }
    init(folded row: Row)
}

extension Float: RowElement {
    @inline(__always) var row: Float { self }
    @inline(__always) init(folded row: Float) { self = row }
}

extension Double: RowElement {
    @inline(__always) var row: Double { self }
    @inline(__always) init(folded row: Double) { self = row }
}

extension StoredFloat16: RowElement {
    @inline(__always) var row: Float { computed }
    @inline(__always) init(folded row: Float) { self.init(nearest: row) }
}

extension StoredBFloat16: RowElement {
    @inline(__always) var row: Float { computed }
    @inline(__always) init(folded row: Float) { self.init(nearest: row) }
}

extension RowElement where Self: StoredInteger, Self: RowValue {
    @inline(__always) var row: Self { self }
    @inline(__always) init(folded row: Self) { self = row }
}

extension Int8: RowElement {}
extension UInt8: RowElement {}
extension Int16: RowElement {}
extension UInt16: RowElement {}
extension Int32: RowElement {}
extension Int64: RowElement {}

extension RowElement where Row: BinaryFloatingPoint {
    static func rowKernel(_ maker: RowKernelMaker) -> (any ForwardKernel<Self>)? { maker.real(Self.self) }
}

extension RowElement where Self: StoredInteger {
    static func rowKernel(_ maker: RowKernelMaker) -> (any ForwardKernel<Self>)? { maker.choice(Self.self) }
}
