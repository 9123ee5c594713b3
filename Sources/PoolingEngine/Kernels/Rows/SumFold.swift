/// The sum, in the row's own precision.
///
/// Windows are summed along one axis, then along the other: for a window of r rows and c columns the error is at most
/// (r + c − 2)·ε·Σ|x| to first order, against (r·c − 1)·ε·Σ|x| for windows that are summed cell by cell.
enum SumFold<Row: SummedRowValue & BinaryFloatingPoint>: RowFold {
    static var isSelection: Bool { false }
    @inline(__always)
    static func fold(_ first: Row, _ second: Row) -> Row { first + second }
    @inline(__always)
    static func fold(_ first: Row.Vector, _ second: Row.Vector) -> Row.Vector { Row.sum(first, second) }
    @inline(__always)
    static func divided(_ folded: Row, by divisor: Double) -> Row { folded / Row(divisor) }
    @inline(__always)
    static func divided(_ folded: Row.Vector, by divisors: Row.Vector) -> Row.Vector {
        Row.quotient(folded, divisors)
    }
    @inline(__always)
    static func divisor(_ number: Double) -> Row { Row(number) }
}
