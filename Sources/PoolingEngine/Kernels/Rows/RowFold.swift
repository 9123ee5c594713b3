/// How two cells become one, in row-major order of the window.
///
/// A fold of whole rows keeps that order within each window: along a row first, then from row to row.
protocol RowFold<Row>: Sendable {
    associatedtype Row: RowValue

    static func fold(_ first: Row, _ second: Row) -> Row
    /// Whether the second cell wins; never where the fold is no choice.
    static func prefersSecond(_ first: Row, _ second: Row) -> Bool
    /// Whether a window may hold a cell twice: then padding repeats the cell at the edge, else it is 0.
    static var isChoice: Bool { get }
    /// A sum divided; choices are left alone.
    static func divided(_ folded: Row, by divisor: Double) -> Row
}

extension RowFold {
    @inline(__always)
    static func divided(_ folded: Row, by divisor: Double) -> Row { folded }
    @inline(__always)
    static func fold(_ first: Row, _ second: Row) -> Row { prefersSecond(first, second) ? second : first }
    static var isChoice: Bool { true }
}

/// The larger cell, NaN over all, the first of equals.
enum LargestFold<Row: RowValue>: RowFold {
    @inline(__always)
    static func prefersSecond(_ first: Row, _ second: Row) -> Bool { second > first || second.isUnordered }
}

/// The larger cell, anything over NaN, the first of equals.
enum LargestNumberFold<Row: RowValue>: RowFold {
    @inline(__always)
    static func prefersSecond(_ first: Row, _ second: Row) -> Bool {
        second > first || (first.isUnordered && !second.isUnordered)
    }
}

/// The smaller cell, NaN over all, the first of equals.
enum SmallestFold<Row: RowValue>: RowFold {
    @inline(__always)
    static func prefersSecond(_ first: Row, _ second: Row) -> Bool { second < first || second.isUnordered }
}

/// The smaller cell, anything over NaN, the first of equals.
enum SmallestNumberFold<Row: RowValue>: RowFold {
    @inline(__always)
    static func prefersSecond(_ first: Row, _ second: Row) -> Bool {
        second < first || (first.isUnordered && !second.isUnordered)
    }
}

/// The sum, in the row's own precision.
///
/// Windows are summed along rows, then over rows: for a window of r rows and c columns the error is at most
/// (r + c − 2)·ε·Σ|x| to first order, against (r·c − 1)·ε·Σ|x| for summing cell by cell.
enum SumFold<Row: RowValue & BinaryFloatingPoint>: RowFold {
    @inline(__always)
    static func fold(_ first: Row, _ second: Row) -> Row { first + second }
    @inline(__always)
    static func prefersSecond(_ first: Row, _ second: Row) -> Bool { false }
    static var isChoice: Bool { false }
    @inline(__always)
    static func divided(_ folded: Row, by divisor: Double) -> Row { folded / Row(divisor) }
}

/// What an op is to kernels that fold rows.
enum WindowFold: Sendable {
    case largest(NaNPolicy)
    case smallest(NaNPolicy)
    /// A sum, divided unless there is no divisor.
    case sum(AvgOp.Divisor?)
}
