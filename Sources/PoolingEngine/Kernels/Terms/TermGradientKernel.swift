import RecycledMemory

/// Sends gradients back through a ``TermReduction``: the numbers of each window first, then row by row their sums over the
/// windows that read a cell, times the numbers of the cell.
struct TermGradientKernel<R: TermDifferentiable>: Sendable {
    typealias Element = R.Element

    let kernel: TermKernel<R>
    let sums: GradientSums<Element>
    /// The windows that read each depth, row and column.
    let depth: [Range<Int>]
    let rows: [Range<Int>]
    let columns: [Range<Int>]
    /// How the numbers of windows are added up for each column, where columns are side by side.
    let spread: TermSpread?

    private static var largestRoom: Int { 1 << 20 }
    /// Entries of the lists of windows, which a plan keeps; windows of longer axes are gathered.
    private static var longestLists: Int { 1 << 16 }
    /// Of several planes, these stay in the second-level cache.
    private static var cachedRoom: Int { 1 << 17 }

    init?(
        _ reduction: R, _ geometry: WindowGeometry, _ format: RowFormat<Element>, _ sums: GradientSums<Element>
    ) {
        guard geometry.largestWindow <= R.mostCells,
            let kernel = TermKernel(
                reduction, geometry, format,
                mostCells: { Self.cachedRoom / (R.hasSecond ? 2 : 1) / max($0.lineCount, 1) }),
            kernel.windows.depth.input.addingSaturating(kernel.windows.rows.input)
                .addingSaturating(kernel.windows.columns.input) <= Self.longestLists,
            let depth = kernel.windows.depth.cover, let rows = kernel.windows.rows.cover,
            let columns = kernel.windows.columns.cover
        else { return nil }
        // Terms are computed twice, which in double precision takes longer than gathering planes that are side by side once.
        guard kernel.columns != nil || R.termsAreQuick || kernel.overlaps || R.Row.isShort else { return nil }
        (self.kernel, self.sums, self.depth, self.rows, self.columns) = (kernel, sums, depth, rows, columns)
        if let way = kernel.columns {
            guard let spread = TermSpread(way, cover: columns) else { return nil }
            self.spread = spread
        } else {
            spread = nil
        }
        guard kernel.windows.lineCount.multipliedSaturating(by: kernel.linePitch) <= Self.largestRoom
        else { return nil }
    }

    /// The numbers of all windows, and their sums over rows and over columns.
    var slopeCount: Int { (kernel.windows.lineCount + 2) * kernel.linePitch + 2 * kernel.front }

    /// Bytes for these, a row of derivatives, and a list of rows of windows.
    var slopesByteCount: Int {
        slopeCount * MemoryLayout<R.Row>.stride + kernel.pitch * MemoryLayout<Element>.stride
            + kernel.windows.lineCount * MemoryLayout<UnsafeRawPointer>.stride
    }

    var planned: PlannedBackwardKernel {
        PlannedBackwardKernel(
            name: kernel.name, kernel.units,
            scratchByteCount: kernel.byteCount(gradients: true).addingSaturating(slopesByteCount)
        ) { planes, pass in
            pass.withElements { input, gradOutput, sums in
                backward(planes, input: input, gradOutput: gradOutput, to: sums, pass.cancellation)
            }
        }
    }

    private func backward(
        _ planes: Range<Int>, input: Elements, gradOutput: Elements, to gradInput: MutableElements,
        _ cancellation: Cancellation?
    ) -> DataFault? {
        guard let pass = TermGradientPass(self, end: input + kernel.geometry.inputCount, cancellation)
        else { return .outOfMemory }
        var pace = Pace(cancellation)
        var goesOn = true
        kernel.geometry.forEachRun(in: planes, longest: kernel.lanes) { run in
            goesOn = pass.differentiate(
                run.count, input + run.input, gradOutput + run.output, to: gradInput + run.input, &pace)
            return goesOn
        }
        return goesOn ? nil : .stopped
    }
}

/// One slice's work of a ``TermGradientKernel``, with the memory that it works in.
private final class TermGradientPass<R: TermDifferentiable> {
    typealias Element = R.Element

    private let kernel: TermGradientKernel<R>
    private let reduction: R
    private let windows: RowWindows
    private let format: RowFormat<Element>
    private let pass: TermPass<R>
    private let block: ScratchMemory
    private let pitch: Int
    private let linePitch: Int
    /// The numbers of each window, their sums over rows of windows, and those for each cell of a row.
    private let slopes: UnsafeMutablePointer<R.Row>
    private let summed: UnsafeMutablePointer<R.Row>
    private let spread: UnsafeMutablePointer<R.Row>
    private let derivatives: UnsafeMutablePointer<Element>
    private let list: UnsafeMutablePointer<UnsafeMutablePointer<R.Row>>

    /// Nil where the system gives no memory.
    init?(_ kernel: TermGradientKernel<R>, end: Elements, _ cancellation: Cancellation?) {
        guard let pass = TermPass(kernel.kernel, gradients: true, end: end, cancellation),
            let block = ScratchMemory(byteCount: kernel.slopesByteCount)
        else { return nil }
        (self.kernel, self.pass, self.block) = (kernel, pass, block)
        (reduction, windows, format) = (kernel.kernel.reduction, kernel.kernel.windows, kernel.kernel.format)
        (pitch, linePitch) = (kernel.kernel.pitch, kernel.kernel.linePitch)
        slopes = block.start.assumingMemoryBound(to: R.Row.self)
        summed = slopes + (windows.lineCount * linePitch + kernel.kernel.front)
        spread = summed + (linePitch + kernel.kernel.front)
        (summed - kernel.kernel.front).update(repeating: 0, count: 2 * (kernel.kernel.front + linePitch))
        derivatives = UnsafeMutableRawPointer(slopes + kernel.slopeCount).assumingMemoryBound(to: Element.self)
        list = UnsafeMutableRawPointer(derivatives + pitch)
            .bindMemory(to: UnsafeMutablePointer<R.Row>.self, capacity: windows.lineCount)
    }

    /// Adds the gradients of planes that are next to each other, unless it is stopped.
    ///
    /// - Returns: whether it was not stopped.
    func differentiate(
        _ lanes: Int, _ plane: Elements, _ gradOutput: Elements, to gradInput: MutableElements,
        _ pace: inout Pace
    ) -> Bool {
        guard takeSlopes(lanes, plane, gradOutput, to: gradInput, &pace) else { return false }
        let cells = pass.input.count &* pass.input.length
        for depth in kernel.depth.indices where !kernel.depth[depth].isEmpty {
            var known = 0..<0
            for row in kernel.rows.indices where !kernel.rows[row].isEmpty {
                if kernel.rows[row] != known {
                    known = kernel.rows[row]
                    addUp(kernel.depth[depth], known)
                }
                let offset = depth &* windows.input.depth &+ row &* windows.input.row
                derive(plane + offset, to: gradInput + offset)
                guard pace.goesOn(after: 2 &* cells) else { return false }
            }
        }
        return true
    }

    /// Also adds the gradients of windows whose derivatives are computed by themselves.
    private func takeSlopes(
        _ lanes: Int, _ plane: Elements, _ gradOutput: Elements, to gradInput: MutableElements, _ pace: inout Pace
    ) -> Bool {
        let (step, incoming) = (windows.output, pass.results)
        return pass.fold(lanes, plane, &pace) { vector, folded in
            let counts = pass.cellCounts(of: vector)
            let row = gradOutput + (vector.depth &* step.depth &+ vector.row &* step.row)
            format.read(row + vector.offset, pass.output.stride, vector.count, incoming)
            var (numbers, witness) = reduction.slopes(folded, counts: counts, incoming: R.Row.cells(incoming))
            witness = R.Row.witness(witness, of: numbers.first)
            vector.forEachUnknown(witness, in: R.Row.self) { number in
                if pass.foldsAlone() { add(pass.window(number, of: vector), plane, gradOutput, to: gradInput) }
                (numbers.first[number], numbers.second[number]) = (0, 0)
            }
            let line = slopes + (vector.depth &* windows.rows.output &+ vector.row) &* linePitch
            R.Row.store(numbers.first, line + vector.position)
            if R.hasSecond { R.Row.store(numbers.second, line + (pitch &+ vector.position)) }
        } row: { _, _ in
        } && pass.goesOn
    }

    /// Adds up the numbers of the windows that read each cell of a row.
    private func addUp(_ depths: Range<Int>, _ rows: Range<Int>) {
        typealias Sums = Rows<PlainCells<SumFold<R.Row>>>
        var count = 0
        for depth in depths {
            for row in rows {
                list[count] = slopes + (depth &* windows.rows.output &+ row) &* linePitch
                count &+= 1
            }
        }
        let length = windows.columns.output &* kernel.kernel.cell
        for first in R.hasSecond ? [0, pitch] : [0] {
            if first > 0 { for index in 0..<count { list[index] += first } }
            Sums.fold(list, count, into: summed + first, count: length)
            if let way = kernel.spread {
                way.add(summed + first, into: spread + first)
            } else {
                Sums.fold(
                    summed + first, into: spread + first, windows: kernel.columns, cell: kernel.kernel.cell, neutral: 0)
            }
        }
    }

    /// Adds the derivatives of the cells of a row.
    private func derive(_ row: Elements, to gradInput: MutableElements) {
        let ((cells, step), pieces) = (pass.readable(row), pass.input)
        for piece in 0..<pieces.count {
            let (cells, target) = (cells + piece &* step, gradInput + piece &* pieces.step)
            derive(cells, pieces.length, slopes: spread + piece &* pieces.pitch)
            kernel.sums.add(derivatives, pieces.length, target, pieces.stride)
        }
    }

    /// The derivatives of cells, given the sums of the numbers of their windows.
    @inline(__always)
    private func derive(_ cells: UnsafePointer<Element>, _ length: Int, slopes: UnsafePointer<R.Row>) {
        var position = 0
        while position < length {
            let slopes = (
                first: R.Row.load(slopes + position),
                second: R.hasSecond ? R.Row.load(slopes + (pitch &+ position)) : R.Row.Vector()
            )
            let derivative = reduction.derivative(R.Row.cells(cells + position), slopes)
            // Of windows that are left to themselves, cells that are infinite or NaN have nothing here.
            R.Row.store(
                R.Row.clearing(derivative, whereZero: slopes.first, slopes.second), derivatives + position)
            position &+= R.Row.width
        }
    }

    /// Adds the gradients of one window.
    private func add(
        _ window: TermPass<R>.Window, _ plane: Elements, _ gradOutput: Elements, to gradInput: MutableElements
    ) {
        let (step, scratch) = (windows.output, pass.scratch)
        let tile = pass.tile(plane, window)
        let outputOffset =
            window.depth &* step.depth &+ window.row &* step.row &+ window.column &* step.column
            &+ window.lane &* kernel.kernel.geometry.lane.output
        format.read(gradOutput + outputOffset, 1, 1, scratch.incoming)
        reduction.differentiate(tile, scratch)
        var tap = 0
        pass.forEachRun(of: window) { offset, length in
            kernel.sums.add(scratch.gradients + tap, length, gradInput + offset, windows.input.column)
            tap &+= length
        }
    }
}
