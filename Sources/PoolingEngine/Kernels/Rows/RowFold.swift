/// How two cells become one, in row-major order of the window.
///
/// A fold of whole rows keeps that order within each window: along a row first, then from row to row.
protocol RowFold<Row>: Sendable {
    associatedtype Row: RowValue

    static func fold(_ first: Row, _ second: Row) -> Row
    static func fold(_ first: Row.Vector, _ second: Row.Vector) -> Row.Vector
    /// Whether a window may hold a cell twice: then padding repeats the cell at the edge, else it is 0.
    static var isSelection: Bool { get }
    /// Folded cells over one divisor each; selected cells are left alone.
    static func divided(_ folded: Row, by divisor: Double) -> Row
    static func divided(_ folded: Row.Vector, by divisors: Row.Vector) -> Row.Vector
    /// A divisor as ``divided(_:by:)`` takes it.
    static func divisor(_ number: Double) -> Row
}

extension RowFold {
    /// Whether `folded` is unordered and the last such cell was taken: under `propagate` a later NaN replaces an earlier
    /// one, under `ignore` all are NaN and the first stays.
    @inline(__always)
    static func takesLastUnordered(_ folded: Row) -> Bool { folded.isUnordered && fold(.zero, folded).isUnordered }
}

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
