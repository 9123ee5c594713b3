/// One slice's rows of the input, and the cells of them that the taps of windows read.
struct TapPass<Stored: RowElement> where Stored.Computed: RealElement, Stored.Row == Stored.Computed {
    private let rows: TapRows
    private let buffers: TapSum.Buffers
    private let held: TapLines
    private let weights: UnsafeMutablePointer<Double>
    /// Results, or a row of gradients.
    private let row: UnsafeMutablePointer<Double>
    /// Eight sums for each tap.
    private let sums: UnsafeMutablePointer<Double>

    /// Nil where the system gives no memory.
    init?(_ rows: TapRows) {
        guard let buffers = TapSum.Buffers(rows.inputLengths) else { return nil }
        (self.rows, self.buffers) = (rows, buffers)
        held = TapLines(buffers.cells(of: 0), length: rows.inputLength, rows.inputSlots, held: buffers.cells(of: 4))
        (weights, row, sums) = (buffers.cells(of: 1), buffers.cells(of: 2), buffers.cells(of: 3))
    }

    /// Begins with the next planes.
    func clear() { held.clear() }

    /// Lists the cells that a row of windows reads, a line for each tap.
    ///
    /// - Parameters:
    ///   - plane: the first of `count` planes.
    ///   - table: the weights; nil where the sums of each tap are listed instead.
    /// - Returns: how many there are.
    @inline(__always)
    func list(
        _ plane: UnsafePointer<Stored>, _ count: Int, _ depth: Int, _ row: Int, _ table: UnsafePointer<Double>?
    ) -> Int {
        var listed = 0
        forEachRow(depth, row) { sourceDepth, sourceRow, first in
            let line = line(plane, count, sourceDepth, sourceRow)
            for tap in 0..<rows.columns.kernel {
                buffers.lines[listed] = line + rows.tapOffsets[tap]
                if let table {
                    weights[listed] = table[first &+ tap]
                } else {
                    buffers.lines[rows.taps &+ listed] = sums + (first &+ tap) &* TapSum.width
                }
                listed &+= 1
            }
        }
        return listed
    }

    /// Calls `body` with each depth and row of the input that a row of windows reads, and the first of the taps there.
    @inline(__always)
    private func forEachRow(_ depth: Int, _ row: Int, _ body: (_ depth: Int, _ row: Int, _ firstTap: Int) -> Void) {
        for depthTap in rows.depth.taps(of: depth) {
            for rowTap in rows.rows.taps(of: row) {
                body(
                    rows.depth.source(of: depth, tap: depthTap), rows.rows.source(of: row, tap: rowTap),
                    (depthTap &* rows.rows.kernel &+ rowTap) &* rows.columns.kernel)
            }
        }
    }

    /// A row of the input in double precision.
    @inline(__always)
    private func line(
        _ plane: UnsafePointer<Stored>, _ count: Int, _ depth: Int, _ row: Int
    ) -> UnsafeMutablePointer<Double> {
        let (line, isHeld) = held.line(depth, row, of: rows.rows.input)
        if !isHeld { read(plane + rows.inputOffset(depth, row), count, into: line) }
        return line
    }

    @inline(never)
    private func read(_ source: UnsafePointer<Stored>, _ count: Int, into line: UnsafeMutablePointer<Double>) {
        let columns = rows.columns
        if let (evens, odds) = rows.pairs {
            TapSum.widenPairs(source, count: columns.input, line + evens, line + odds)
        } else if rows.lanes == 1 {
            var target = line
            for run in rows.runs {
                TapSum.widen(
                    source + run.position, step: columns.stride,
                    count: min(run.cells.upperBound, rows.runLength) &- run.cells.lowerBound,
                    into: target + run.cells.lowerBound)
                target += rows.runLength
            }
        } else {
            let (before, pitch) = (columns.before, rows.pitch)
            for column in 0..<max(min(columns.input, rows.runLength / pitch &- before), 0) {
                let target = line + (before &+ column) &* pitch
                TapSum.widen(source + column &* columns.inputStride, step: 1, count: count, into: target)
                (target + count).update(repeating: 0, count: pitch &- count)
            }
        }
    }

    /// Writes the sums of the listed cells times their weights.
    @inline(__always)
    func write(to output: UnsafeMutablePointer<Stored>, _ count: Int, lineCount: Int) {
        if rows.lanes == 1 { return write(to: output, lineCount, shift: 0, count: rows.columns.output) }
        let step = rows.columns.stride &* rows.pitch
        for column in 0..<rows.columns.output {
            write(to: output + column &* rows.columns.outputStride, lineCount, shift: column &* step, count: count)
        }
    }

    @inline(__always)
    private func write(to output: UnsafeMutablePointer<Stored>, _ lineCount: Int, shift: Int, count: Int) {
        let isStored = Stored.self == Stored.Computed.self
        let target = isStored ? UnsafeMutableRawPointer(output) : UnsafeMutableRawPointer(row)
        let values = target.assumingMemoryBound(to: Stored.Computed.self)
        TapSum.combine(buffers.lines, weights, lineCount, shift: shift, count: count, into: values)
        guard !isStored else { return }
        for cell in 0..<count { output[cell] = Stored(folded: values[cell]) }
    }

    /// Writes a row of windows whose cells are added up where they are, and says how many taps the last one has.
    @inline(__always)
    func pool(
        _ plane: UnsafePointer<Stored>, _ count: Int, _ depth: Int, _ row: Int, _ table: UnsafePointer<Double>,
        to output: UnsafeMutablePointer<Stored>
    ) -> Int {
        let columns = rows.columns
        let lines = UnsafeMutableRawPointer(buffers.lines).assumingMemoryBound(to: UnsafeMutablePointer<Stored>.self)
        let values = UnsafeMutableRawPointer(output).assumingMemoryBound(to: Stored.Computed.self)
        var (known, listed) = (-1..<0, 0)
        for column in 0..<columns.output {
            let taps = columns.taps(of: column)
            if taps != known {
                (known, listed) = (taps, 0)
                forEachRow(depth, row) { sourceDepth, sourceRow, first in
                    let line = UnsafeMutablePointer(mutating: plane + rows.inputOffset(sourceDepth, sourceRow))
                    for tap in taps {
                        lines[listed] = line + tap &* columns.dilation &* columns.inputStride
                        weights[listed] = table[first &+ tap]
                        listed &+= 1
                    }
                }
            }
            TapSum.combine(
                lines, weights, listed, shift: columns.source(of: column, tap: 0) &* columns.inputStride, count: count,
                into: values + column &* columns.outputStride)
        }
        return listed
    }

    /// Adds the products of the listed cells with a row of gradients to the sums of their taps.
    @inline(__always)
    func correlate(with gradients: UnsafePointer<Stored>, _ count: Int, lineCount: Int) {
        let sums = buffers.lines + rows.taps
        if rows.lanes == 1 {
            TapSum.widen(gradients, step: 1, count: rows.columns.output, into: row)
            TapSum.correlate(buffers.lines, sums, lineCount, shift: 0, with: row, count: rows.columns.output)
            return
        }
        (row + count).update(repeating: 0, count: rows.pitch &- count)
        let step = rows.columns.stride &* rows.pitch
        for column in 0..<rows.columns.output {
            TapSum.widen(gradients + column &* rows.columns.outputStride, step: 1, count: count, into: row)
            TapSum.correlate(buffers.lines, sums, lineCount, shift: column &* step, with: row, count: count)
        }
    }

    /// Adds what each tap has to `gradients`, and begins at 0 again.
    func addSums(to gradients: UnsafeMutablePointer<Double>) {
        for tap in 0..<rows.taps {
            gradients[tap] += TapSum.load(sums + tap &* TapSum.width).folded(+)[0]
        }
        sums.update(repeating: 0, count: rows.taps &* TapSum.width)
    }
}
