/// One slice's work of a ``SpreadKernel``, with the memory that it works in.
final class SpreadPass<Stored: RowElement, Row: RealElement> where Stored.Computed: RealElement {
    private typealias Cells = PlainCells<SumFold<Row>>

    private let kernel: SpreadKernel<Stored, Row>
    private let windows: RowWindows
    private let cover: SpreadCover
    private let lanes: Int
    /// From cell to cell of a row in the input and in the output.
    private let inputStep: Int
    private let outputStep: Int
    /// Cells of a row of windows, and of a row of the input.
    private let windowLength: Int
    private let inputLength: Int
    private let buffers: RowBuffers<Cells>
    /// Gradients over their divisors, a line for each row of windows.
    private let scaled: Rows<Cells>.Block
    /// The rows of windows that cover one input row, added up, with zeros on both sides.
    private let summed: UnsafeMutablePointer<Row>
    private let result: UnsafeMutablePointer<Row>

    init(kernel: SpreadKernel<Stored, Row>, buffers: RowBuffers<PlainCells<SumFold<Row>>>) {
        (self.kernel, self.buffers) = (kernel, buffers)
        (windows, cover, lanes) = (kernel.windows, kernel.cover, kernel.lanes)
        (inputStep, outputStep) = lanes == 1 ? (windows.input.column, windows.outputStep) : (1, 1)
        windowLength = windows.columns.output * lanes
        inputLength = windows.columns.input * lanes
        scaled = Rows<Cells>.Block(first: buffers.cells(of: 0), pitch: kernel.scaledPitch)
        summed = buffers.cells(of: 1) + max(kernel.columnKernel - 1, 0)
        result = buffers.cells(of: 2)
    }

    /// Cells that are written to a row of the input, whole vectors included.
    private var writtenLength: Int {
        lanes == 1 ? Cells.rounded(inputLength) : inputLength &- lanes &+ Cells.rounded(lanes)
    }

    /// Sends the gradients of one run of planes back, unless it is stopped.
    ///
    /// - Returns: whether it was not stopped.
    func spread(
        _ gradients: UnsafePointer<Stored>, into plane: UnsafeMutablePointer<Row>, _ pace: inout Pace
    ) -> Bool {
        scale(gradients)
        for depth in 0..<windows.depth.input {
            let slice = plane + depth &* windows.input.depth
            for row in 0..<windows.rows.input {
                let target = slice + row &* windows.input.row
                if row > 0, cover.rows[row] == cover.rows[row - 1], inputStep == 1 {
                    target.update(from: target - windows.input.row, count: inputLength)
                    continue
                }
                sumRows(cover.depth[depth], cover.rows[row])
                let isRoomy =
                    windows.input.row == inputLength && inputStep == 1
                    && writtenLength <= (windows.rows.input &- row) &* inputLength
                spreadColumns(into: isRoomy ? target : result)
                if !isRoomy { write(to: target) }
                let added = (cover.depth[depth].count &* cover.rows[row].count &+ 1) &* windowLength
                guard pace.goesOn(after: added &+ inputLength) else { return false }
            }
        }
        return true
    }

    /// A row of the input that was not made in place.
    private func write(to row: UnsafeMutablePointer<Row>) {
        guard inputStep > 1 else { return row.update(from: result, count: inputLength) }
        for i in 0..<inputLength { row[i &* inputStep] = result[i] }
    }

    /// Each window's gradient over its divisor.
    private func scale(_ gradients: UnsafePointer<Stored>) {
        for depth in 0..<windows.depth.output {
            for row in 0..<windows.rows.output {
                let source = gradients + (depth &* windows.output.depth &+ row &* windows.output.row)
                let target = scaled.line(depth &* windows.rows.output &+ row)
                if outputStep == 1 {
                    for i in 0..<windowLength { target[i] = Row(source[i].computed.double) }
                } else {
                    for i in 0..<windowLength { target[i] = Row(source[i &* outputStep].computed.double) }
                }
                guard let divisor = kernel.divisor else { continue }
                let common = divisor.common(depth: depth, row: row)
                if divisor.isSameAlongRows {
                    Rows<Cells>.divide(target, by: divisor.divisor(common, column: 0), count: windowLength)
                    continue
                }
                for column in 0..<windows.columns.output {
                    Rows<Cells>.divide(
                        target + column &* lanes, by: divisor.divisor(common, column: column), count: lanes)
                }
            }
        }
    }

    /// The rows of windows that cover one input row, added up.
    private func sumRows(_ depths: Range<Int>, _ rows: Range<Int>) {
        var lineCount = 0
        for depth in depths {
            for row in rows {
                buffers.lines[lineCount] = scaled.line(depth &* windows.rows.output &+ row)
                lineCount &+= 1
            }
        }
        if lineCount > 0 { Rows<Cells>.fold(buffers.lines, lineCount, into: summed, count: windowLength) }
        // Whole vectors have left something behind the row.
        let first = lineCount > 0 ? windowLength : 0
        (summed + first).update(repeating: .zero, count: windowLength &- first &+ Cells.width)
    }

    /// Gives each cell of an input row the columns of windows that cover it.
    private func spreadColumns(into row: UnsafeMutablePointer<Row>) {
        guard lanes == 1 else { return spreadInterleaved(into: row) }
        switch cover.way {
        case .sliding(let kernel):
            let target = Rows<Cells>.Block(first: row, pitch: inputLength)
            let before = windows.columns.regular?.before ?? 0
            let source = Rows<Cells>.Block(first: summed + (before &- kernel &+ 1), pitch: inputLength)
            Rows<Cells>.slide(source, into: target, rowCount: 1, count: inputLength, kernel: kernel, stride: 1)
        case .listed(let taps):
            Rows<Cells>.gather(summed, into: row, count: inputLength, taps)
        }
    }

    private func spreadInterleaved(into row: UnsafeMutablePointer<Row>) {
        for (column, windows) in cover.columns.enumerated() {
            let target = row + column &* lanes
            guard !windows.isEmpty else {
                target.update(repeating: .zero, count: lanes)
                continue
            }
            for (index, window) in windows.enumerated() { buffers.lines[index] = summed + window &* lanes }
            Rows<Cells>.fold(buffers.lines, windows.count, into: target, count: lanes)
        }
    }
}
