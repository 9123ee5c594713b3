/// The divisors of all windows of a plane, in lines that rows of windows with the same divisors share.
struct RowDivisors<Cells: RowCells>: Sendable {
    /// Lines of divisors one behind the other, as ``RowFold/divisor(_:)`` makes them, with room for a vector.
    let cells: [Cells.Row]
    /// Where the line of each row of windows starts, depth after depth.
    let starts: [Int]

    private static var mostCells: Int { 1 << 17 }

    /// Nil where divisors differ so much that there are too many.
    init?(_ divisor: RowDivisor, _ windows: RowWindows) {
        var cells: [Cells.Row] = []
        var starts: [Int] = []
        var known: [Double: Int] = [:]
        for depth in 0..<windows.depth.output {
            for row in 0..<windows.rows.output {
                let common = divisor.common(depth: depth, row: row)
                if known[common] == nil {
                    known[common] = cells.count
                    guard cells.count + windows.columns.output <= Self.mostCells else { return nil }
                    for column in 0..<windows.columns.output {
                        cells.append(Cells.Fold.divisor(divisor.divisor(common, column: column)))
                    }
                }
                starts.append(known[common] ?? 0)
            }
        }
        cells.append(contentsOf: repeatElement(Cells.Fold.divisor(1), count: Cells.width))
        (self.cells, self.starts) = (cells, starts)
    }
}
