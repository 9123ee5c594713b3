import RecycledMemory

/// One slice's work of a ``TermKernel``, with the memory that it works in.
final class TermPass<R: TermReduction> {
    typealias Element = R.Element

    let kernel: TermKernel<R>
    let scratch: WindowScratch<Element>
    let reader: WindowReader
    /// A line of results, or of what comes in.
    let results: UnsafeMutablePointer<Element>
    let windows: RowWindows
    /// How a row of the planes at hand lies in the input, and a row of their windows in the output.
    private(set) var input: TermPieces
    private(set) var output: TermPieces
    let reduction: R
    let pitch: Int
    private let block: ScratchMemory
    /// The line that rows are folded to, the lines that are kept, and the folded terms of a row of windows.
    let folded: UnsafeMutablePointer<R.Row>
    let kept: UnsafeMutablePointer<R.Row>
    let sums: UnsafeMutablePointer<R.Row>
    let list: UnsafeMutablePointer<UnsafeMutablePointer<R.Row>>
    /// Rows of cells, and copies of those that cannot be read where they are.
    let rows: UnsafeMutablePointer<UnsafePointer<Element>>
    let copied: UnsafeMutablePointer<Element>
    /// For each cell of a line: cells of its window along the row, cells of the whole window, and the inverse of these.
    private let columnCounts: UnsafeMutablePointer<R.Row>
    private let counts: UnsafeMutablePointer<R.Row>
    private let inverses: UnsafeMutablePointer<R.Row>
    /// The rows of cells that ``counts`` are of.
    private var countedLines = -1
    /// The end of the whole input, up to which memory may be read.
    let end: Elements
    /// Looks whether windows may be folded by themselves; false once the computation is to stop.
    private var pace: Pace
    private(set) var goesOn = true

    /// Nil where the system gives no memory.
    init?(_ kernel: TermKernel<R>, gradients: Bool, end: Elements, _ cancellation: Cancellation?) {
        let needs = kernel.needs(gradients: gradients)
        guard let scratch = WindowScratch<Element>(needs, cancellation),
            let block = ScratchMemory(byteCount: kernel.byteCount(gradients: gradients) - needs.byteCount)
        else { return nil }
        (self.kernel, self.scratch, self.block, self.end) = (kernel, scratch, block, end)
        pace = Pace(cancellation)
        (windows, reduction, pitch) = (kernel.windows, kernel.reduction, kernel.pitch)
        (input, output) = kernel.pieces(of: kernel.lanes)
        folded = block.start.assumingMemoryBound(to: R.Row.self) + kernel.front
        kept = folded + kernel.linePitch
        sums = folded + kernel.lineCount * kernel.linePitch
        // Whole vectors take what is behind a line: ordinary numbers, which are no slower than others.
        (folded - kernel.front).update(repeating: 1, count: kernel.front + kernel.linePitch)
        columnCounts = sums + kernel.linePitch
        (counts, inverses) = (columnCounts + pitch, columnCounts + 2 * pitch)
        columnCounts.update(repeating: 1, count: 3 * pitch)
        for (column, window) in windows.columns.windows.enumerated() {
            (columnCounts + column * kernel.cell).update(repeating: R.Row(window.count), count: kernel.cell)
        }
        results = UnsafeMutableRawPointer(columnCounts + 3 * pitch).assumingMemoryBound(to: Element.self)
        copied = results + pitch
        copied.initialize(repeating: .zero, count: kernel.rowsTogether * pitch)
        let lists = copied + kernel.rowsTogether * pitch
        list = UnsafeMutableRawPointer(lists)
            .bindMemory(to: UnsafeMutablePointer<R.Row>.self, capacity: kernel.listedRows)
        rows = UnsafeMutableRawPointer(list + kernel.listedRows)
            .bindMemory(to: UnsafePointer<Element>.self, capacity: kernel.rowsTogether)
        reader = WindowReader(kernel.geometry, room: scratch.readerRoom, cancellation)
    }

    /// Pools planes that are next to each other, unless it is stopped.
    ///
    /// - Returns: whether it was not stopped.
    func pool(_ lanes: Int, _ plane: Elements, to target: MutableElements, _ pace: inout Pace) -> Bool {
        let step = windows.output
        return fold(lanes, plane, &pace) { vector, folded in
            let (value, witness) = reduction.value(folded, counts: cellCounts(of: vector))
            R.Row.store(value, results + vector.position)
            vector.forEachUnknown(witness, in: R.Row.self) { lane in
                guard foldsAlone() else { return }
                reduction.reduce(tile(plane, window(lane, of: vector)), scratch)
                results[vector.position &+ lane] = scratch.results[0]
            }
        } row: { depth, row in
            let row = target + (depth &* step.depth &+ row &* step.row)
            for piece in 0..<output.count {
                kernel.format.write(
                    results + piece &* output.pitch, output.length, row + piece &* output.step, output.stride)
            }
        } && goesOn
    }

    /// Calls `vector` with the folded terms of all windows of some planes, and `row` behind each row of them, unless it is
    /// stopped.
    ///
    /// - Returns: whether it was not stopped.
    @inline(__always)
    func fold(
        _ lanes: Int, _ plane: Elements, _ pace: inout Pace,
        vector: (_ windows: WindowTerms, _ folded: R.Terms) -> Void,
        row finish: (_ depth: Int, _ row: Int) -> Void
    ) -> Bool {
        (input, output) = kernel.pieces(of: lanes)
        let (depthWindows, rowWindows) = (windows.depth.windows, windows.rows.windows)
        let columnWindows = windows.columns.windows
        for (depth, sources) in depthWindows.enumerated() {
            var next = 0
            for (row, needed) in rowWindows.enumerated() {
                let lines = Lines(plane: plane, sources: sources, rows: needed, step: windows.input)
                if kernel.foldsWholeWindows {
                    foldWindows(columnWindows, of: lines, lanes)
                    guard pace.goesOn(after: lines.count &* input.count &* input.length) else { return false }
                } else {
                    if kernel.keptRows > 0 {
                        next = max(next, needed.lowerBound)
                        while next < needed.upperBound {
                            takeTerms(plane, sources, next)
                            next += 1
                            guard pace.goesOn(after: sources.count &* input.count &* input.length)
                            else { return false }
                        }
                        foldRows(needed, sources.count)
                    } else {
                        guard foldCells(of: lines, &pace) else { return false }
                    }
                    foldColumns(columnWindows)
                }
                countCells(lines: lines.count)
                for piece in 0..<output.count {
                    var cell = 0
                    while cell < output.length {
                        let position = piece &* output.pitch &+ cell
                        let windows = WindowTerms(
                            depth: depth, row: row, position: position,
                            offset: piece &* output.step &+ cell &* output.stride,
                            count: min(output.length &- cell, R.Row.width))
                        vector(windows, load(sums, position))
                        cell &+= R.Row.width
                    }
                }
                finish(depth, row)
                guard pace.goesOn(after: output.count &* output.length) else { return false }
            }
        }
        return true
    }

    /// Whether one more window may be folded by itself: the cells of all of them are many times those of the input.
    func foldsAlone() -> Bool {
        goesOn = goesOn && pace.goesOn(after: scratch.tapCapacity)
        return goesOn
    }

    /// How many cells the windows of the row at hand have.
    @inline(__always)
    func cellCounts(of vector: WindowTerms) -> R.Counts {
        CellCounts(numbers: R.Row.load(counts + vector.position), inverses: R.Row.load(inverses + vector.position))
    }

    /// Counts the cells of windows that have `lines` rows of cells: most rows of windows have as many as the one before.
    private func countCells(lines: Int) {
        guard lines != countedLines else { return }
        countedLines = lines
        let end = windows.columns.output &* kernel.cell
        var position = 0
        while position < end {
            let numbers = R.Row.product(R.Row.load(columnCounts + position), R.Row.Vector(repeating: R.Row(lines)))
            R.Row.store(numbers, counts + position)
            R.Row.store(R.Row.quotient(R.Row.Vector(repeating: 1), numbers), inverses + position)
            position &+= R.Row.width
        }
    }

    /// The cells of a row, and how far it is from piece to piece: where they are, or copies.
    @inline(__always)
    func readable(_ row: Elements) -> (cells: UnsafePointer<Element>, step: Int) {
        if canRead(row) { return (row.bound(to: Element.self), input.step) }
        copy(row, to: copied)
        return (UnsafePointer(copied), input.pitch)
    }
}
