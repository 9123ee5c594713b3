/// A fold that takes one of the two.
protocol RowSelection<Row>: RowFold {
    static func takesSecond(_ first: Row, _ second: Row) -> Bool
    static func takesSecond(_ first: Row.Vector, _ second: Row.Vector) -> Row.Mask
}

extension RowSelection {
    static var isSelection: Bool { true }
    @inline(__always)
    static func fold(_ first: Row, _ second: Row) -> Row { takesSecond(first, second) ? second : first }
    @inline(__always)
    static func divided(_ folded: Row, by divisor: Double) -> Row { folded }
    @inline(__always)
    static func divided(_ folded: Row.Vector, by divisors: Row.Vector) -> Row.Vector { folded }
    @inline(__always)
    static func divisor(_ number: Double) -> Row { .zero }
}

extension RowValue {
    /// Where `mask` is or `second` is unordered.
    @inline(__always)
    static func orUnordered(_ mask: Mask, _ second: Vector) -> Mask {
        unordered(second).map { either(mask, $0) } ?? mask
    }
}
