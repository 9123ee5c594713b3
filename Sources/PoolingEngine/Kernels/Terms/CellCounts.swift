/// How many cells windows have, and the inverses: a division takes as long as a dozen products.
struct CellCounts {
    let numbers: Lanes
    let inverses: Lanes

    @inline(__always)
    init(numbers: Lanes, inverses: Lanes) { (self.numbers, self.inverses) = (numbers, inverses) }

    /// Of windows of `count` cells each.
    @inline(__always)
    init(repeating count: Int) {
        numbers = Lanes(repeating: Double(count))
        inverses = 1 / numbers
    }
}
