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
