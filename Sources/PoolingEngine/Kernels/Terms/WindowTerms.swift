/// Up to eight windows of a row, or of a row of several planes.
struct WindowTerms {
    var depth = 0
    let row: Int
    /// Where the first of them is in a line, and in a row of the output.
    let position: Int
    var offset = 0
    let count: Int

    /// What witnesses of values that are known lie between.
    @inline(__always) static var known: ClosedRange<Double> { 0...1e300 }

    /// Calls `body` with the numbers of those whose witness is not that of a known value.
    @inline(__always)
    func forEachUnknown(_ witness: Lanes, _ body: (_ number: Int) -> Void) {
        guard !witness.allLie(within: Self.known.lowerBound, Self.known.upperBound) else { return }
        for number in 0..<count where !Self.known.contains(witness[number]) { body(number) }
    }
}
