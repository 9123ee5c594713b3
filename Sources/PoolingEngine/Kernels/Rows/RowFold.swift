/// How two cells become one, in row-major order of the window.
///
/// A fold of whole rows keeps that order within each window: along a row first, then from row to row.
protocol RowFold<Row>: Sendable {
    associatedtype Row: RowValue

    static func fold(_ first: Row, _ second: Row) -> Row
    static func fold(_ first: Row.Vector, _ second: Row.Vector) -> Row.Vector
    /// Whether a window may hold a cell twice: then padding repeats the cell at the edge, else it is 0.
    static var isSelection: Bool { get }
    /// Folded cells over one divisor each; choices are left alone.
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

/// The larger cell, NaN over all, the first of equals.
enum LargestFold<Row: RowValue>: RowSelection {
    @inline(__always)
    static func takesSecond(_ first: Row, _ second: Row) -> Bool { second > first || second.isUnordered }

    @inline(__always)
    static func takesSecond(_ first: Row.Vector, _ second: Row.Vector) -> Row.Mask {
        Row.orUnordered(Row.isLess(first, second), second)
    }

    @inline(__always)
    static func fold(_ first: Row.Vector, _ second: Row.Vector) -> Row.Vector {
        Row.choosingUnordered(Row.choose(Row.isLess(first, second), first, second), second)
    }
}

/// The smaller cell, NaN over all, the first of equals.
enum SmallestFold<Row: RowValue>: RowSelection {
    @inline(__always)
    static func takesSecond(_ first: Row, _ second: Row) -> Bool { second < first || second.isUnordered }

    @inline(__always)
    static func takesSecond(_ first: Row.Vector, _ second: Row.Vector) -> Row.Mask {
        Row.orUnordered(Row.isLess(second, first), second)
    }

    @inline(__always)
    static func fold(_ first: Row.Vector, _ second: Row.Vector) -> Row.Vector {
        Row.choosingUnordered(Row.choose(Row.isLess(second, first), first, second), second)
    }
}

/// The larger cell, anything over NaN, the first of equals.
enum LargestNumberFold<Row: RowValue>: RowSelection {
    @inline(__always)
    static func takesSecond(_ first: Row, _ second: Row) -> Bool {
        second > first || (first.isUnordered && !second.isUnordered)
    }

    @inline(__always)
    static func takesSecond(_ first: Row.Vector, _ second: Row.Vector) -> Row.Mask {
        Row.orNumber(Row.isLess(first, second), first, second)
    }

    @inline(__always)
    static func fold(_ first: Row.Vector, _ second: Row.Vector) -> Row.Vector {
        Row.choose(takesSecond(first, second), first, second)
    }
}

/// The smaller cell, anything over NaN, the first of equals.
enum SmallestNumberFold<Row: RowValue>: RowSelection {
    @inline(__always)
    static func takesSecond(_ first: Row, _ second: Row) -> Bool {
        second < first || (first.isUnordered && !second.isUnordered)
    }

    @inline(__always)
    static func takesSecond(_ first: Row.Vector, _ second: Row.Vector) -> Row.Mask {
        Row.orNumber(Row.isLess(second, first), first, second)
    }

    @inline(__always)
    static func fold(_ first: Row.Vector, _ second: Row.Vector) -> Row.Vector {
        Row.choose(takesSecond(first, second), first, second)
    }
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

extension RowValue {
    /// Where `mask` is or `second` is unordered.
    @inline(__always)
    static func orUnordered(_ mask: Mask, _ second: Vector) -> Mask {
        unordered(second).map { either(mask, $0) } ?? mask
    }

    @inline(__always)
    fileprivate static func choosingUnordered(_ chosen: Vector, _ second: Vector) -> Vector {
        unordered(second).map { choose($0, chosen, second) } ?? chosen
    }

    @inline(__always)
    fileprivate static func orNumber(_ mask: Mask, _ first: Vector, _ second: Vector) -> Mask {
        guard let nothing = unordered(first), let alsoNothing = unordered(second) else { return mask }
        return either(mask, both(nothing, not: alsoNothing))
    }
}

/// What an op is to kernels that fold rows.
enum WindowFold: Sendable {
    case largest(NaNPolicy)
    case smallest(NaNPolicy)
    /// A sum, divided unless there is no divisor.
    case sum(AvgOp.Divisor?)
}
