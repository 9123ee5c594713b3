/// How the columns of a row of windows are folded, where they are side by side.
struct TermColumns: Sendable {
    private enum Way: Sendable {
        /// Windows of one size, one or two cells apart.
        case sliding(RowAxis.Regular)
        case listed(RowTaps)
    }

    private let input: Int
    private let output: Int
    private let way: Way

    private static var width: Int { Lanes.scalarCount }
    private static var listedTaps: Int { 1 << 16 }

    /// Nil where windows are too many and too irregular.
    init?(_ axis: RowAxis) {
        (input, output) = (axis.input, axis.output)
        if let regular = axis.regular, regular.stride <= 2, axis.isMostlyCells, regular.kernel <= 2 * axis.output + 16 {
            way = .sliding(regular)
        } else {
            guard axis.largestCount <= Self.listedTaps / Self.rounded(axis.output) else { return nil }
            way = .listed(RowTaps(axis, width: Self.width, padding: axis.input))
        }
    }

    private static func rounded(_ count: Int) -> Int { (count + width - 1) / width * width }

    /// Cells before a line that are read or written, in whole vectors.
    var front: Int {
        guard case .sliding(let regular) = way else { return 0 }
        return Self.rounded(abs(regular.before) + regular.kernel)
    }

    /// Cells of a line that are read or written, with what whole vectors have behind it.
    var reach: Int {
        guard case .sliding(let regular) = way else { return Self.rounded(max(input, output)) + Self.width }
        let cells = max(regular.stride * Self.rounded(output), input) + regular.kernel + abs(regular.before)
        return Self.rounded(cells) + 4 * Self.width
    }

    /// Folds the columns of each window.
    ///
    /// - Parameters:
    ///   - line: has ``front`` cells before it; cells that windows do not have become `neutral`.
    func fold<Fold: RowFold>(
        _ fold: Fold.Type, _ line: UnsafeMutablePointer<Double>, into folded: UnsafeMutablePointer<Double>,
        neutral: Double
    ) where Fold.Row == Double {
        switch way {
        case .listed(let taps):
            line[input] = neutral
            Rows<PlainCells<Fold>>.gather(line, into: folded, count: output, taps)
        case .sliding(let regular):
            let first = line - regular.before
            let end = (output - 1) * regular.stride + regular.kernel - regular.before
            fill(-max(regular.before, 0)..<0, of: line, with: neutral)
            fill(min(input, end)..<end, of: line, with: neutral)
            Rows<PlainCells<Fold>>.slide(
                .init(first: first, pitch: 0), into: .init(first: folded, pitch: 0), rowCount: 1, count: output,
                kernel: regular.kernel, stride: regular.stride)
        }
    }

    /// Adds up the numbers of the windows that read each column.
    ///
    /// - Parameters:
    ///   - numbers: one for each window, with ``front`` cells before them, which become 0.
    ///   - taps: the windows of each column; nil where they slide.
    func spread(
        _ numbers: UnsafeMutablePointer<Double>, into sums: UnsafeMutablePointer<Double>, _ taps: RowTaps?
    ) {
        typealias Sums = Rows<PlainCells<SumFold<Double>>>
        guard case .sliding(let regular) = way else {
            guard let taps else { return }
            numbers[output] = 0
            return Sums.gather(numbers, into: sums, count: input, taps)
        }
        let (kernel, before) = (regular.kernel, regular.before)
        fill(-front..<0, of: numbers, with: 0)
        fill(output..<max((input + max(before, 0)) / regular.stride + Self.width, output), of: numbers, with: 0)
        if regular.stride == 1 {
            Sums.slide(
                .init(first: numbers + (before - kernel + 1), pitch: 0), into: .init(first: sums, pitch: 0),
                rowCount: 1, count: input, kernel: kernel, stride: 1)
        } else {
            fill(0..<min(max(-before, 0), input), of: sums, with: 0)
            weave(numbers, into: sums - before, count: (input + before + 1) / 2, kernel: kernel)
        }
    }

    /// The sums for cells whose windows begin at every second one: window `i` is the last that cells 2·i and 2·i + 1 have.
    private func weave(
        _ numbers: UnsafeMutablePointer<Double>, into sums: UnsafeMutablePointer<Double>, count: Int, kernel: Int
    ) {
        let whole = kernel / 2
        var position = 0
        while position < count {
            var odds = Lanes.zero
            for earlier in 0..<whole { odds += Double.lanes(numbers + (position - earlier)) }
            let evens = kernel.isMultiple(of: 2) ? odds : odds + Double.lanes(numbers + (position - whole))
            var both = SIMD16<Double>()
            (both.evenHalf, both.oddHalf) = (evens, odds)
            UnsafeMutableRawPointer(sums + 2 * position).storeBytes(of: both, as: SIMD16<Double>.self)
            position += Self.width
        }
    }

    private func fill(_ cells: Range<Int>, of line: UnsafeMutablePointer<Double>, with number: Double) {
        for cell in cells { line[cell] = number }
    }

    /// The windows of each column, where they must be listed; nil where they slide.
    func taps(covering cover: [Range<Int>]) -> RowTaps? {
        guard case .listed = way else { return nil }
        return RowTaps(RowAxis(covering: cover, output: output), width: Self.width, padding: output)
    }

    /// Whether lists of the windows of each column stay small.
    func canList(covering cover: [Range<Int>]) -> Bool {
        let most = cover.reduce(1) { max($0, $1.count) }
        return most <= SpreadCover.listedTaps / Self.rounded(max(cover.count, 1))
    }
}
