/// What sums of windows are divided by: a product of one count an axis, or one number.
struct RowDivisor: Sendable {
    private let fixed: Double?
    private let depth: [Double]
    private let rows: [Double]
    private let columns: [Double]
    /// Whether all windows of a row have the same divisor.
    let isSameAlongRows: Bool

    init(_ divisor: MeanDivisor, _ windows: RowWindows) {
        func counts(_ axis: RowAxis) -> [Double] {
            switch divisor {
            case .elements: axis.windows.map { Double($0.count) }
            case .rootOfElements: axis.windows.map { Double($0.count).squareRoot() }
            case .declared: axis.declared?.map { Double($0) } ?? axis.windows.map { Double($0.count) }
            case .fixed: []
            }
        }
        let columns = counts(windows.columns)
        (depth, rows, self.columns) = (counts(windows.depth), counts(windows.rows), columns)
        if case .fixed(let number) = divisor { fixed = Double(number) } else { fixed = nil }
        isSameAlongRows = columns.allSatisfy { $0 == columns.first }
    }

    /// What all divisors of one row have in common; rows for which it is the same have the same divisors.
    @inline(__always)
    func common(depth: Int, row: Int) -> Double { fixed ?? self.depth[depth] * rows[row] }

    /// The divisor of one window of a row whose divisors have `common` in common.
    @inline(__always)
    func divisor(_ common: Double, column: Int) -> Double { fixed ?? common * columns[column] }

    /// The divisor of one window.
    @inline(__always)
    func divisor(depth: Int, row: Int, column: Int) -> Double {
        fixed ?? self.depth[depth] * rows[row] * columns[column]
    }
}
