/// How many cells windows have, and the inverses: a division takes as long as a dozen products.
struct CellCounts<Row: TermRow> {
    let numbers: Row.Vector
    let inverses: Row.Vector

    @inline(__always)
    init(numbers: Row.Vector, inverses: Row.Vector) { (self.numbers, self.inverses) = (numbers, inverses) }

    /// Of windows of `count` cells each.
    @inline(__always)
    init(repeating count: Int) {
        numbers = Row.Vector(repeating: Row(count))
        inverses = Row.quotient(Row.Vector(repeating: 1), numbers)
    }
}
