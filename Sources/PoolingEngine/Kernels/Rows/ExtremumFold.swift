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
