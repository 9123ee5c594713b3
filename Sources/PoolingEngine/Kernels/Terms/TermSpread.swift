/// How the numbers of a row of windows are added up for each of the columns that they read, where these are side by side.
struct TermSpread: Sendable {
    private let columns: TermColumns
    /// The windows of each column as its taps; nil where windows slide.
    private let taps: RowTaps?

    /// Nil where too many windows read a column to be listed.
    ///
    /// - Parameter cover: the windows that read each column.
    init?(_ columns: TermColumns, cover: [Range<Int>]) {
        self.columns = columns
        guard case .listed = columns.way else {
            taps = nil
            return
        }
        let axis = RowAxis(covering: cover, output: columns.output)
        guard let taps = RowTaps(axis, width: columns.width, padding: columns.output, most: RowTaps.mostCovering)
        else { return nil }
        self.taps = taps
    }

    private typealias Sums<Row: TermRow> = Rows<PlainCells<SumFold<Row>>>

    /// - Parameter numbers: one for each window, with ``TermColumns/front`` cells before them, which become 0.
    func add<Row: TermRow>(_ numbers: UnsafeMutablePointer<Row>, into sums: UnsafeMutablePointer<Row>) {
        switch (columns.way, taps) {
        case (.sliding(let regular), _): slide(numbers, into: sums, regular)
        case (.listed, let taps?):
            numbers[columns.output] = 0
            Sums<Row>.gather(numbers, into: sums, count: columns.input, taps)
        case (.listed, nil): break
        }
    }

    private func slide<Row: TermRow>(
        _ numbers: UnsafeMutablePointer<Row>, into sums: UnsafeMutablePointer<Row>, _ regular: RowAxis.Regular
    ) {
        let (kernel, before, input, output) = (regular.kernel, regular.before, columns.input, columns.output)
        let end = max((input + max(before, 0)) / regular.stride + Row.width, output)
        (numbers - columns.front).update(repeating: 0, count: columns.front)
        (numbers + output).update(repeating: 0, count: end - output)
        if regular.stride == 1 {
            Sums<Row>.slide(
                .init(first: numbers + (before - kernel + 1), pitch: 0), into: .init(first: sums, pitch: 0),
                rowCount: 1, count: input, kernel: kernel, stride: 1)
        } else {
            sums.update(repeating: 0, count: min(max(-before, 0), input))
            weave(numbers, into: sums - before, count: (input + before + 1) / 2, kernel: kernel)
        }
    }

    /// The sums for cells whose windows begin at every second one: window `i` is the last that cells 2·i and 2·i + 1 have.
    private func weave<Row: TermRow>(
        _ numbers: UnsafeMutablePointer<Row>, into sums: UnsafeMutablePointer<Row>, count: Int, kernel: Int
    ) {
        let whole = kernel / 2
        var position = 0
        while position < count {
            var odds = Row.Vector()
            for earlier in 0..<whole { odds = Row.sum(odds, Row.load(numbers + (position - earlier))) }
            let evens =
                kernel.isMultiple(of: 2) ? odds : Row.sum(odds, Row.load(numbers + (position - whole)))
            Row.weave(evens, odds, sums + 2 * position)
            position += Row.width
        }
    }
}
