import RecycledMemory

/// Sends gradients back through a ``TermReduction``: the numbers of each window first, then row by row their sums over the
/// windows that read a cell, times the numbers of the cell.
struct TermGradientKernel<R: TermDifferentiable>: Sendable {
    typealias Element = R.Element

    let kernel: TermKernel<R>
    /// The windows that read each depth, row and column.
    let depth: [Range<Int>]
    let rows: [Range<Int>]
    let columns: [Range<Int>]
    /// The windows of each column as taps; nil where planes are side by side.
    let taps: RowTaps?

    private static var largestRoom: Int { 1 << 20 }

    init?(_ reduction: R, _ geometry: WindowGeometry, _ format: RowFormat<Element>) {
        guard let kernel = TermKernel(reduction, geometry, format), let depth = kernel.windows.depth.cover,
            let rows = kernel.windows.rows.cover, let columns = kernel.windows.columns.cover
        else { return nil }
        (self.kernel, self.depth, self.rows) = (kernel, depth, rows)
        self.columns = columns
        if kernel.taps == nil {
            taps = nil
        } else {
            let axis = RowAxis(covering: columns, output: kernel.windows.columns.output)
            taps = RowTaps(axis, width: Lanes.scalarCount, padding: TermKernel<R>.rounded(axis.input))
        }
        guard lineCount.multipliedSaturating(by: linePitch) <= Self.largestRoom else { return nil }
    }

    /// Rows of windows.
    var lineCount: Int { kernel.windows.lineCount }
    /// Cells of a row of windows, with a zero behind it.
    var pitch: Int { TermKernel<R>.rounded(kernel.windows.columns.output * kernel.lanes) + Lanes.scalarCount }
    var linePitch: Int { 2 * pitch }

    /// Bytes for the slopes of all windows, their sums over rows, and those over columns.
    var slopesByteCount: Int {
        ((lineCount + 1) * linePitch + 3 * kernel.pitch) * MemoryLayout<Double>.stride
    }

    var planned: PlannedBackwardKernel {
        PlannedBackwardKernel(
            name: kernel.name, planeCount: kernel.geometry.planeCount, planeGroup: kernel.lanes,
            scratchByteCount: kernel.byteCount(gradients: true).addingSaturating(slopesByteCount)
        ) { planes, pass in
            pass.withElements { input, gradOutput, sums in
                backward(
                    planes, input: input, gradOutput: gradOutput, to: sums.bound(to: Element.self), pass.cancellation)
            }
        }
    }

    func backward(
        _ planes: Range<Int>, input: Elements, gradOutput: Elements, to gradInput: UnsafeMutablePointer<Element>,
        _ cancellation: Cancellation?
    ) -> DataFault? {
        guard let pass = TermGradientPass(self, end: input + kernel.geometry.inputCount, cancellation)
        else { return .outOfMemory }
        var pace = Pace(cancellation)
        var goesOn = true
        kernel.geometry.forEachRun(in: planes, longest: kernel.lanes) { run in
            goesOn = pass.differentiate(
                input + run.input, lanes: run.count, gradOutput + run.output, to: gradInput + run.input, &pace)
            return goesOn
        }
        return goesOn ? nil : .stopped
    }
}

/// One slice's work of a ``TermGradientKernel``, with the memory that it works in.
private final class TermGradientPass<R: TermDifferentiable> {
    typealias Element = R.Element

    private let kernel: TermGradientKernel<R>
    private let pass: TermPass<R>
    private let block: MemoryBlock
    /// The numbers of each window, their sums over rows of windows, and those for each cell of a row.
    private let slopes: UnsafeMutablePointer<Double>
    private let summed: UnsafeMutablePointer<Double>
    private let spread: UnsafeMutablePointer<Double>
    private let derivatives: UnsafeMutablePointer<Element>
    /// Windows whose derivatives are computed by themselves.
    private var unknown: [(depth: Int, row: Int, column: Int, lane: Int)] = []

    private var windows: RowWindows { kernel.kernel.windows }
    @inline(__always) private static var width: Int { Lanes.scalarCount }

    /// Nil where the system gives no memory.
    init?(_ kernel: TermGradientKernel<R>, end: Elements, _ cancellation: Cancellation?) {
        guard let pass = TermPass(kernel.kernel, gradients: true, end: end, cancellation),
            let block = try? MemoryBlock(byteCount: kernel.slopesByteCount, account: nil),
            let start = block.bytes.baseAddress
        else { return nil }
        start.initializeMemory(as: UInt8.self, repeating: 0, count: block.bytes.count)
        (self.kernel, self.pass, self.block) = (kernel, pass, block)
        slopes = start.assumingMemoryBound(to: Double.self)
        summed = slopes + kernel.lineCount * kernel.linePitch
        spread = summed + kernel.linePitch
        derivatives = UnsafeMutableRawPointer(spread + 2 * kernel.kernel.pitch).assumingMemoryBound(to: Element.self)
    }

    /// Adds the gradients of planes that are side by side, unless it is stopped.
    ///
    /// - Returns: whether it was not stopped.
    func differentiate(
        _ plane: Elements, lanes: Int, _ gradOutput: Elements, to gradInput: UnsafeMutablePointer<Element>,
        _ pace: inout Pace
    ) -> Bool {
        guard takeSlopes(plane, lanes, gradOutput, &pace) else { return false }
        for depth in kernel.depth.indices where !kernel.depth[depth].isEmpty {
            var known = 0..<0
            for row in kernel.rows.indices where !kernel.rows[row].isEmpty {
                if kernel.rows[row] != known {
                    known = kernel.rows[row]
                    sumRows(kernel.depth[depth], known, lanes)
                    sumColumns(lanes)
                }
                let offset = depth &* windows.input.depth &+ row &* windows.input.row
                derive(pass.readable(plane + offset, lanes: lanes), lanes)
                add(lanes, to: gradInput + offset)
                guard pace.goesOn(after: 2 &* windows.columns.input &* lanes) else { return false }
            }
        }
        addUnknown(plane, gradOutput, to: gradInput)
        return true
    }

    private func takeSlopes(_ plane: Elements, _ lanes: Int, _ gradOutput: Elements, _ pace: inout Pace) -> Bool {
        let (reduction, step, lane) = (kernel.kernel.reduction, windows.output, kernel.kernel.geometry.lane.output)
        return pass.fold(plane, lanes: lanes, &pace) { eight, folded, counts in
            let place = eight.depth &* step.depth &+ eight.row &* step.row &+ eight.column &* step.column
            kernel.kernel.format.read(
                gradOutput + (place &+ eight.lane &* lane), eight.isInterleaved ? lane : step.column, eight.count,
                pass.results)
            var (numbers, witness) = reduction.slopes(folded, counts: counts, incoming: Element.lanes(pass.results))
            eight.forEachUnknown(witness) { number in
                let (column, lane) = eight.place(number)
                unknown.append((eight.depth, eight.row, column, lane))
                (numbers.first[number], numbers.second[number]) = (0, 0)
            }
            let line = slopes + (eight.depth &* windows.rows.output &+ eight.row) &* kernel.linePitch
            let cells = line + (eight.isInterleaved ? eight.column &* lanes &+ eight.lane : eight.column)
            Double.store(numbers.first, cells)
            if R.hasSecond { Double.store(numbers.second, cells + kernel.pitch) }
        }
    }

    /// Adds up the slopes of the rows of windows that read a row.
    private func sumRows(_ depths: Range<Int>, _ rows: Range<Int>, _ lanes: Int) {
        let length = windows.columns.output &* lanes
        for term in 0..<(R.hasSecond ? 2 : 1) {
            let target = summed + term &* kernel.pitch
            var isFirst = true
            for depth in depths {
                for row in rows {
                    let line =
                        slopes + ((depth &* windows.rows.output &+ row) &* kernel.linePitch &+ term &* kernel.pitch)
                    var position = 0
                    while position < length {
                        let numbers = Double.lanes(line + position)
                        Double.store(isFirst ? numbers : Double.lanes(target + position) + numbers, target + position)
                        position &+= Self.width
                    }
                    isFirst = false
                }
            }
            if kernel.taps != nil { target[TermKernel<R>.rounded(length)] = 0 }
        }
    }

    /// Adds up the slopes of the windows that read each column.
    private func sumColumns(_ lanes: Int) {
        for term in 0..<(R.hasSecond ? 2 : 1) {
            let (source, target) = (summed + term &* kernel.pitch, spread + term &* kernel.kernel.pitch)
            guard let taps = kernel.taps else {
                for (column, windows) in kernel.columns.enumerated() {
                    for lane in 0..<lanes {
                        var sum = 0.0
                        for window in windows { sum += source[window &* lanes &+ lane] }
                        target[column &* lanes &+ lane] = sum
                    }
                }
                continue
            }
            taps.columns.withUnsafeBufferPointer { columns in
                guard let columns = columns.baseAddress else { return }
                var position = 0
                while position < windows.columns.input {
                    var sum = Lanes(at: columns + position, of: source)
                    for tap in 1..<max(taps.count, 1) {
                        sum += Lanes(at: columns + (tap &* taps.pitch &+ position), of: source)
                    }
                    Double.store(sum, target + position)
                    position &+= Self.width
                }
            }
        }
    }

    /// The derivatives of the cells of a row.
    private func derive(_ cells: UnsafePointer<Element>, _ lanes: Int) {
        let (reduction, length) = (kernel.kernel.reduction, windows.columns.input &* lanes)
        let second = spread + kernel.kernel.pitch
        var position = 0
        while position < length {
            let slopes = (
                first: Double.lanes(spread + position), second: R.hasSecond ? Double.lanes(second + position) : .zero
            )
            let derivative = reduction.derivative(Element.lanes(cells + position), slopes)
            // Of windows that are left to themselves, cells that are infinite or NaN have nothing here.
            let isNone = R.hasSecond ? (slopes.first .== 0) .& (slopes.second .== 0) : slopes.first .== 0
            Element.store(derivative.replacing(with: 0, where: isNone), derivatives + position)
            position &+= Self.width
        }
    }

    private func add(_ lanes: Int, to gradInput: UnsafeMutablePointer<Element>) {
        let (count, step) = (windows.columns.input, windows.input.column)
        if step == lanes {
            for cell in 0..<count &* lanes { gradInput[cell] += derivatives[cell] }
            return
        }
        for column in 0..<count {
            for lane in 0..<lanes { gradInput[column &* step &+ lane] += derivatives[column &* lanes &+ lane] }
        }
    }

    private func addUnknown(
        _ plane: Elements, _ gradOutput: Elements, to gradInput: UnsafeMutablePointer<Element>
    ) {
        let (geometry, step, scratch) = (kernel.kernel.geometry, windows.output, pass.scratch)
        for (depth, row, column, lane) in unknown {
            let first = lane &* geometry.lane.input
            let place = depth &* step.depth &+ row &* step.row &+ column &* step.column &+ lane &* geometry.lane.output
            let tile = pass.tile(plane + first, depth, row, column)
            kernel.kernel.format.read(gradOutput + place, 1, 1, scratch.incoming)
            kernel.kernel.reduction.differentiate(tile, scratch)
            var tap = 0
            pass.forEachRun(depth, row, column) { offset, length in
                for cell in 0..<length {
                    gradInput[first &+ offset &+ cell &* windows.input.column] += scratch.gradients[tap &+ cell]
                }
                tap &+= length
            }
        }
        unknown.removeAll(keepingCapacity: true)
    }
}
