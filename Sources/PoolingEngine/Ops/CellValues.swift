/// The cells of one window in order, in double precision; at least one.
struct CellValues {
    let count: Int
    let cell: (Int) -> Double

    subscript(index: Int) -> Double { cell(index) }

    /// Σ of `term` over all cells.
    func sum(_ term: (Double) -> Double) -> Double {
        var sum = 0.0
        for index in 0..<count { sum += term(cell(index)) }
        return sum
    }

    func largest(_ term: (Double) -> Double) -> Double {
        var largest = -Double.infinity
        for index in 0..<count { largest = max(largest, term(cell(index))) }
        return largest
    }
}
