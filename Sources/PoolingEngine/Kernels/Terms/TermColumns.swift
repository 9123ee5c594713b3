/// How the columns of a row of windows are folded, where they are side by side.
struct TermColumns: Sendable {
    enum Way: Sendable {
        /// Windows of one size, one or two cells apart.
        case sliding(RowAxis.Regular)
        case listed(RowTaps)
    }

    let input: Int
    let output: Int
    let way: Way
    /// Cells of a vector.
    let width: Int
    /// Cells before a line that are read or written, in whole vectors.
    let front: Int

    /// Nil where windows are too many and too irregular.
    init?(_ axis: RowAxis, width: Int) {
        (input, output, self.width) = (axis.input, axis.output, width)
        if let regular = axis.regular, regular.stride <= 2, axis.isMostlyCells, axis.isMostlyWindows {
            way = .sliding(regular)
            front = (abs(regular.before) + regular.kernel).rounded(to: width)
        } else {
            guard let taps = RowTaps(axis, width: width, padding: axis.input) else { return nil }
            way = .listed(taps)
            front = 0
        }
    }

    /// Cells of a line that are read or written, with what whole vectors have behind it.
    var reach: Int {
        guard case .sliding(let regular) = way else { return max(input, output).rounded(to: width) + width }
        let cells = max(regular.stride * output.rounded(to: width), input) + regular.kernel + abs(regular.before)
        return cells.rounded(to: width) + 4 * width
    }

    /// Folds the columns of each window.
    ///
    /// - Parameters:
    ///   - line: has ``front`` cells before it; cells that windows do not have become `neutral`.
    func fold<Fold: RowFold>(
        _ fold: Fold.Type, _ line: UnsafeMutablePointer<Fold.Row>, into folded: UnsafeMutablePointer<Fold.Row>,
        neutral: Fold.Row
    ) {
        switch way {
        case .listed(let taps):
            line[input] = neutral
            Rows<PlainCells<Fold>>.gather(line, into: folded, count: output, taps)
        case .sliding(let regular):
            let first = line - regular.before
            let end = (output - 1) * regular.stride + regular.kernel - regular.before
            let (before, cells) = (max(regular.before, 0), min(input, end))
            (line - before).update(repeating: neutral, count: before)
            (line + cells).update(repeating: neutral, count: end - cells)
            Rows<PlainCells<Fold>>.slide(
                .init(first: first, pitch: 0), into: .init(first: folded, pitch: 0), rowCount: 1, count: output,
                kernel: regular.kernel, stride: regular.stride)
        }
    }
}
