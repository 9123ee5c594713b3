/// What sums of windows are divided by: a product of one count an axis, or one number.
struct RowDivisor: Sendable {
    private let fixed: Double?
    private let depth: [Double]
    private let rows: [Double]
    private let columns: [Double]

    init(_ divisor: AvgOp.Divisor, _ windows: RowWindows) {
        func counts(_ axis: RowAxis) -> [Double] {
            switch divisor {
            case .elements: axis.windows.map { Double($0.count) }
            case .declared: axis.declared.map { Double($0) }
            case .fixed: []
            }
        }
        (depth, rows, columns) = (counts(windows.depth), counts(windows.rows), counts(windows.columns))
        if case .fixed(let number) = divisor { fixed = Double(number) } else { fixed = nil }
    }

    /// Divides one row of sums, one a window.
    @inline(__always)
    func divide<Fold: RowFold>(
        _ sums: UnsafeMutablePointer<Fold.Row>, count: Int, depth: Int, row: Int, _ fold: Fold.Type
    ) {
        if let fixed {
            for i in 0..<count { sums[i] = Fold.divided(sums[i], by: fixed) }
            return
        }
        let others = self.depth[depth] * rows[row]
        columns.withUnsafeBufferPointer { columns in
            for i in 0..<count { sums[i] = Fold.divided(sums[i], by: columns[i] * others) }
        }
    }

    /// The divisor of one window.
    @inline(__always)
    func divisor(depth: Int, row: Int, column: Int) -> Double {
        fixed ?? self.depth[depth] * rows[row] * columns[column]
    }
}
