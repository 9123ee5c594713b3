/// The windows of a vector, of a row or of a row of several planes.
struct WindowTerms {
    var depth = 0
    let row: Int
    /// Where the first of them is in a line, and in a row of the output.
    let position: Int
    var offset = 0
    let count: Int

    /// Calls `body` with the numbers of those whose witness is not that of a known value, which is from 0 to
    /// ``TermRow/largestWitness``.
    @inline(__always)
    func forEachUnknown<Row: TermRow>(
        _ witness: Row.Vector, in type: Row.Type, _ body: (_ number: Int) -> Void
    ) {
        guard !Row.allLie(witness, from: 0, through: Row.largestWitness) else { return }
        for number in 0..<count where !(0...Row.largestWitness).contains(witness[number]) { body(number) }
    }
}
