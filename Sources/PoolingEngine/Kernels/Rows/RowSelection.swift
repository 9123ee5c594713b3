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

/// The more extreme cell, NaN over all, the first of equals.
enum ExtremumFold<Row: RowValue, Order: ExtremumOrder>: RowSelection {
    @inline(__always)
    static func takesSecond(_ first: Row, _ second: Row) -> Bool { Order.beats(second, first) || second.isUnordered }

    @inline(__always)
    static func takesSecond(_ first: Row.Vector, _ second: Row.Vector) -> Row.Mask {
        Row.orUnordered(Order.isBeaten(first, by: second, of: Row.self), second)
    }

    @inline(__always)
    static func fold(_ first: Row.Vector, _ second: Row.Vector) -> Row.Vector {
        Row.selectingUnordered(Row.choose(Order.isBeaten(first, by: second, of: Row.self), first, second), second)
    }
}

/// The more extreme cell, anything over NaN, the first of equals.
enum ExtremumNumberFold<Row: RowValue, Order: ExtremumOrder>: RowSelection {
    @inline(__always)
    static func takesSecond(_ first: Row, _ second: Row) -> Bool {
        Order.beats(second, first) || (first.isUnordered && !second.isUnordered)
    }

    @inline(__always)
    static func takesSecond(_ first: Row.Vector, _ second: Row.Vector) -> Row.Mask {
        Row.orNumber(Order.isBeaten(first, by: second, of: Row.self), first, second)
    }

    @inline(__always)
    static func fold(_ first: Row.Vector, _ second: Row.Vector) -> Row.Vector {
        Row.choose(takesSecond(first, second), first, second)
    }
}

extension RowValue {
    /// Where `mask` is or `second` is unordered.
    @inline(__always)
    static func orUnordered(_ mask: Mask, _ second: Vector) -> Mask {
        unordered(second).map { either(mask, $0) } ?? mask
    }

    @inline(__always)
    fileprivate static func selectingUnordered(_ selected: Vector, _ second: Vector) -> Vector {
        unordered(second).map { choose($0, selected, second) } ?? selected
    }

    @inline(__always)
    fileprivate static func orNumber(_ mask: Mask, _ first: Vector, _ second: Vector) -> Mask {
        guard let nothing = unordered(first), let alsoNothing = unordered(second) else { return mask }
        return either(mask, both(nothing, not: alsoNothing))
    }
}
