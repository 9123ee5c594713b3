/// One slice's rows of gradients, and the windows of them that read each row of the input.
struct TapGradientPass<Stored: RowElement, Sum: RealElement> where Stored.Computed: RealElement {
    private let rows: TapRows
    private let buffers: TapSum.Buffers
    private let held: TapLines
    private let weights: UnsafeMutablePointer<Double>
    /// A row of the input, sorted by remainders.
    private let sorted: UnsafeMutablePointer<Sum>
    /// The rows of gradients that a row of the input has shares of, and the first weight of each.
    private let lines: UnsafeMutablePointer<UnsafeMutablePointer<Double>>
    private let firstWeights: UnsafeMutablePointer<Int>

    init(_ rows: TapRows, _ buffers: TapSum.Buffers) {
        (self.rows, self.buffers) = (rows, buffers)
        held = TapLines(
            buffers.cells(of: 0), length: rows.gradientLength, rows.gradientSlots, held: buffers.cells(of: 4))
        weights = buffers.cells(of: 1)
        sorted = UnsafeMutableRawPointer(buffers.cells(of: 2)).assumingMemoryBound(to: Sum.self)
        firstWeights = UnsafeMutableRawPointer(buffers.cells(of: 3)).assumingMemoryBound(to: Int.self)
        lines = buffers.lines + rows.taps
    }

    /// Begins with the next planes.
    func clear() { held.clear() }

    /// Writes the gradient of a row of the input.
    ///
    /// - Parameter gradients: the first of `count` planes of the incoming gradient.
    /// - Returns: how many rows of windows have shares in it.
    @inline(__always)
    func spread(
        _ gradients: UnsafePointer<Stored>, _ count: Int, _ depth: Int, _ row: Int, _ table: UnsafePointer<Double>,
        to target: UnsafeMutablePointer<Sum>
    ) -> Int {
        let lineCount = find(gradients, count, depth, row)
        if rows.lanes == 1 {
            spreadColumns(lineCount, table, to: target)
        } else {
            spreadInterleaved(lineCount, count, table, to: target)
        }
        return lineCount
    }

    /// Lists the rows of windows that read a row of the input.
    ///
    /// - Returns: how many there are.
    @inline(__always)
    private func find(_ gradients: UnsafePointer<Stored>, _ count: Int, _ depth: Int, _ row: Int) -> Int {
        var found = 0
        rows.depth.forEachTap(reading: depth) { depthTap, depthWindow in
            rows.rows.forEachTap(reading: row) { rowTap, window in
                let (line, isHeld) = held.line(depthWindow, window, of: rows.rows.output)
                if !isHeld { read(gradients + rows.outputOffset(depthWindow, window), count, into: line) }
                lines[found] = line
                firstWeights[found] = (depthTap &* rows.rows.kernel &+ rowTap) &* rows.columns.kernel
                found &+= 1
            }
        }
        return found
    }

    @inline(never)
    private func read(_ source: UnsafePointer<Stored>, _ count: Int, into line: UnsafeMutablePointer<Double>) {
        let columns = rows.columns
        if rows.lanes == 1 {
            return TapSum.widen(source, step: 1, count: columns.output, into: line + rows.gradientStart)
        }
        for column in 0..<columns.output {
            TapSum.widen(
                source + column &* columns.outputStride, step: 1, count: count, into: line + column &* rows.pitch)
        }
    }

    /// The cells of one remainder after the other, and then where they belong.
    @inline(__always)
    private func spreadColumns(
        _ lineCount: Int, _ table: UnsafePointer<Double>, to target: UnsafeMutablePointer<Sum>
    ) {
        let (kernel, stride) = (rows.columns.kernel, rows.columns.stride)
        if rows.runs.count < stride || lineCount == 0 {
            target.update(repeating: .zero, count: rows.columns.input)
            guard lineCount > 0 else { return }
        }
        let isWoven = stride == 2 && rows.runs.count == 2
        var cells = sorted
        for run in rows.runs {
            var listed = 0
            for number in 0..<lineCount {
                for tap in 0..<kernel where rows.columns.remainders[tap] == run.remainder {
                    buffers.lines[listed] = lines[number] + (rows.gradientStart &- rows.columns.moves[tap])
                    weights[listed] = table[firstWeights[number] &+ tap]
                    listed &+= 1
                }
            }
            // What is sorted afterwards has room for whole vectors.
            let count = stride == 1 ? run.cells.count : TapSum.Cells.rounded(run.cells.count)
            TapSum.combine(
                buffers.lines, weights, listed, shift: run.cells.lowerBound, count: count,
                into: stride == 1 ? target + run.position : cells)
            if stride > 1, !isWoven {
                for cell in 0..<run.cells.count { target[run.position &+ cell &* stride] = cells[cell] }
            }
            cells += rows.sortedPitch
        }
        if isWoven { weave(to: target) }
    }

    /// The runs of two remainders, cell by cell.
    @inline(__always)
    private func weave(to target: UnsafeMutablePointer<Sum>) {
        let isFirst = rows.runs[0].position == 0
        let (evens, odds) = isFirst ? (sorted, sorted + rows.sortedPitch) : (sorted + rows.sortedPitch, sorted)
        let pairs = rows.columns.input / 2
        for pair in 0..<pairs {
            target[2 &* pair] = evens[pair]
            target[2 &* pair &+ 1] = odds[pair]
        }
        if rows.columns.input % 2 == 1 { target[2 &* pairs] = evens[pairs] }
    }

    @inline(__always)
    private func spreadInterleaved(
        _ lineCount: Int, _ count: Int, _ table: UnsafePointer<Double>, to target: UnsafeMutablePointer<Sum>
    ) {
        for column in 0..<rows.columns.input {
            var listed = 0
            for number in 0..<lineCount {
                rows.columns.forEachTap(reading: column) { tap, window in
                    buffers.lines[listed] = lines[number] + window &* rows.pitch
                    weights[listed] = table[firstWeights[number] &+ tap]
                    listed &+= 1
                }
            }
            TapSum.combine(
                buffers.lines, weights, listed, shift: 0, count: count,
                into: target + column &* rows.columns.inputStride)
        }
    }
}
