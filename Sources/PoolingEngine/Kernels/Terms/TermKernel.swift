import RecycledMemory

/// Folds the terms of cells over windows that are boxes: rows first, in vectors, then the columns of each row of windows.
///
/// Windows whose folds have lost something are folded again, each by itself, so that no window depends on others.
final class TermKernel<R: TermReduction>: RowFolding {
    typealias Element = R.Element

    let reduction: R
    let format: RowFormat<Element>
    let geometry: WindowGeometry
    let windows: RowWindows
    /// The columns of each window.
    let taps: RowTaps
    /// Cells of each window along the row.
    let counts: [Double]
    /// Rows of terms that are kept for further windows; 0 where each row is folded at once.
    let keptRows: Int
    /// Cells of a line of terms, or of windows; the first of those behind the whole vectors changes nothing.
    let pitch: Int

    var name: String { "terms" }
    var units: WorkUnits { WorkUnits(count: geometry.planeCount, group: 1) }
    var scratchByteCount: Int { byteCount(gradients: false) }

    private static var width: Int { Lanes.scalarCount }
    /// The tables take longer to make than the windows of a smaller plane take to gather.
    ///
    /// How many planes there are makes no difference, so that a plane gets the same results among any others.
    private static var fewestTaps: Int { 64 }
    private static var listedTaps: Int { 1 << 16 }
    private static var keptBytes: Int { 1 << 18 }

    /// Nil where windows are no boxes that follow each other, or the columns of a plane are not side by side.
    init?(_ reduction: R, _ whole: WindowGeometry, _ format: RowFormat<Element>) {
        guard whole.planeCount > 0, !whole.isSelective, whole.inputStrides.last == 1,
            whole.totalTaps / whole.planeCount >= Self.fewestTaps
        else { return nil }
        let geometry = whole.cropped
        guard let windows = RowWindows(geometry), windows.rows.isAscending else { return nil }
        (self.reduction, self.geometry, self.format, self.windows) = (reduction, geometry, format, windows)
        let count = windows.columns.output
        guard windows.columns.largestCount <= Self.listedTaps / Self.rounded(count) else { return nil }
        taps = RowTaps(windows.columns, width: Self.width, padding: Self.rounded(windows.columns.input))
        counts =
            windows.columns.windows.map { Double($0.count) }
            + repeatElement(1, count: Self.rounded(count) - count)
        pitch = Self.rounded(max(count, windows.columns.input)) + Self.width
        let line = pitch * MemoryLayout<Double>.stride * (R.hasSecond ? 2 : 1)
        let rows = (windows.rows.largestCount + 1).multipliedSaturating(by: windows.depth.largestCount)
        keptRows =
            windows.rows.overlap > 0 && rows.multipliedSaturating(by: line) <= Self.keptBytes
            ? windows.rows.largestCount + 1 : 0
        guard scratchByteCount <= ForwardKernels.largestScratch else { return nil }
    }

    static func rounded(_ count: Int) -> Int { (count + width - 1) / width * width }

    /// Cells of a line of all terms.
    var linePitch: Int { R.hasSecond ? 2 * pitch : pitch }
    /// Rows of terms that are kept, of all depths of a window, and the one that they are folded to.
    var lineCount: Int { listedRows + 1 }

    /// What a window is folded in by itself.
    func needs(gradients: Bool) -> WindowScratch<Element>.Needs {
        WindowScratch<Element>.Needs(
            laneCapacity: 1, tapCapacity: max(geometry.largestWindow, 1), readerRoom: geometry.readerRoom,
            gradients: gradients)
    }

    /// Rows that are folded at once.
    var listedRows: Int { keptRows * windows.depth.largestCount }

    /// Bytes of lines of terms and of windows, of counts, results and copied cells, and of a list of rows.
    func byteCount(gradients: Bool) -> Int {
        ((lineCount + 1).multipliedSaturating(by: linePitch) + 3 * pitch + listedRows)
            .multipliedSaturating(by: MemoryLayout<Double>.stride)
            .addingSaturating(needs(gradients: gradients).byteCount)
    }

    func forward(
        _ planes: Range<Int>, input: Elements, output: MutableElements, indices: UnsafeMutablePointer<Int64>?,
        _ cancellation: Cancellation?
    ) -> DataFault? {
        guard let pass = TermPass(self, gradients: false, end: input + geometry.inputCount, cancellation)
        else { return .outOfMemory }
        var pace = Pace(cancellation)
        var goesOn = true
        geometry.forEachRun(in: planes, longest: 1) { run in
            goesOn = pass.pool(input + run.input, to: output + run.output, &pace)
            return goesOn
        }
        return goesOn ? nil : .stopped
    }
}

/// One slice's work of a ``TermKernel``, with the memory that it works in.
final class TermPass<R: TermReduction> {
    typealias Element = R.Element

    let scratch: WindowScratch<Element>
    /// A line of results, or of what comes in.
    let results: UnsafeMutablePointer<Element>
    let windows: RowWindows
    private let kernel: TermKernel<R>
    private let reduction: R
    private let pitch: Int
    private let block: MemoryBlock
    /// The line that rows are folded to, the lines that are kept, and the folded terms of a row of windows.
    private let folded: UnsafeMutablePointer<Double>
    private let kept: UnsafeMutablePointer<Double>
    private let sums: UnsafeMutablePointer<Double>
    private let list: UnsafeMutablePointer<UnsafeMutablePointer<Double>>
    private let copied: UnsafeMutablePointer<Element>
    private let counts: UnsafeMutablePointer<Double>
    private let reader: WindowReader
    /// The end of the whole input, up to which memory may be read.
    private let end: Elements

    @inline(__always) private static var width: Int { Lanes.scalarCount }

    /// Nil where the system gives no memory.
    init?(_ kernel: TermKernel<R>, gradients: Bool, end: Elements, _ cancellation: Cancellation?) {
        let needs = kernel.needs(gradients: gradients)
        guard let scratch = WindowScratch<Element>(needs, cancellation),
            let block = try? MemoryBlock(
                byteCount: kernel.byteCount(gradients: gradients) - needs.byteCount, account: nil),
            let start = block.bytes.baseAddress
        else { return nil }
        (self.kernel, self.scratch, self.block, self.end) = (kernel, scratch, block, end)
        (windows, reduction, pitch) = (kernel.windows, kernel.reduction, kernel.pitch)
        folded = start.assumingMemoryBound(to: Double.self)
        kept = folded + kernel.linePitch
        sums = folded + kernel.lineCount * kernel.linePitch
        counts = sums + kernel.linePitch
        counts.update(from: kernel.counts, count: kernel.counts.count)
        results = UnsafeMutableRawPointer(counts + pitch).assumingMemoryBound(to: Element.self)
        copied = UnsafeMutableRawPointer(counts + 2 * pitch).assumingMemoryBound(to: Element.self)
        copied.initialize(repeating: .zero, count: pitch)
        list = UnsafeMutableRawPointer(counts + 3 * pitch)
            .bindMemory(to: UnsafeMutablePointer<Double>.self, capacity: kernel.listedRows)
        reader = WindowReader(kernel.geometry, room: scratch.readerRoom)
    }

    /// Pools one plane, unless it is stopped.
    ///
    /// - Returns: whether it was not stopped.
    func pool(_ plane: Elements, to output: MutableElements, _ pace: inout Pace) -> Bool {
        let (step, count) = (windows.output, windows.columns.output)
        return fold(plane, &pace) { eight, folded, counts in
            let (value, witness) = reduction.value(folded, counts: counts)
            Element.store(value, results + eight.column)
            eight.forEachUnknown(witness) { column in
                reduction.reduce(tile(plane, eight.depth, eight.row, column), scratch)
                results[column] = scratch.results[0]
            }
        } row: { depth, row in
            kernel.format.write(results, count, output + (depth &* step.depth &+ row &* step.row), step.column)
        }
    }

    /// Calls `eight` with the folded terms of all windows of a plane, and `row` behind each row of them, unless it is
    /// stopped.
    ///
    /// - Returns: whether it was not stopped.
    @inline(__always)
    func fold(
        _ plane: Elements, _ pace: inout Pace,
        eight: (_ windows: WindowTerms, _ folded: R.Terms, _ counts: Lanes) -> Void,
        row finish: (_ depth: Int, _ row: Int) -> Void
    ) -> Bool {
        for depth in 0..<windows.depth.output {
            let sources = windows.depth.windows[depth]
            var next = 0
            for row in 0..<windows.rows.output {
                let needed = windows.rows.windows[row]
                next = kernel.keptRows > 0 ? max(next, needed.lowerBound) : needed.lowerBound
                while next < needed.upperBound {
                    takeTerms(plane, sources, next, isFirst: next == needed.lowerBound)
                    next += 1
                    guard pace.goesOn(after: sources.count &* windows.columns.input) else { return false }
                }
                if kernel.keptRows > 0 { foldRows(needed, sources.count) }
                foldColumns(depth, row, cells: Double(sources.count &* needed.count), eight)
                finish(depth, row)
                guard pace.goesOn(after: windows.columns.output) else { return false }
            }
        }
        return true
    }

    /// The cells of a row: where they are, or copies.
    @inline(__always)
    func readable(_ row: Elements) -> UnsafePointer<Element> {
        if kernel.format.isStored, end - row >= pitch { return row.bound(to: Element.self) }
        kernel.format.read(row, 1, windows.columns.input, copied)
        return UnsafePointer(copied)
    }

    @inline(__always)
    private func line(_ row: Int, _ slot: Int) -> UnsafeMutablePointer<Double> {
        kept + (slot &* kernel.keptRows &+ row % kernel.keptRows) &* kernel.linePitch
    }

    /// The terms of one row of all depths: to be kept, or folded into those of the rows before.
    private func takeTerms(_ plane: Elements, _ sources: Range<Int>, _ row: Int, isFirst: Bool) {
        let (length, keeps) = (windows.columns.input, kernel.keptRows > 0)
        for source in sources {
            let slot = source &- sources.lowerBound
            let cells = readable(plane + (source &* windows.input.depth &+ row &* windows.input.row))
            let target = keeps ? line(row, slot) : folded
            let continues = !keeps && !(isFirst && slot == 0)
            var position = 0
            while position < length {
                var terms = reduction.terms(Element.lanes(cells + position))
                if continues {
                    let before = load(target, position)
                    terms.first = R.First.fold(before.first, terms.first)
                    if R.hasSecond { terms.second = R.Second.fold(before.second, terms.second) }
                }
                store(terms, target, position)
                position &+= Self.width
            }
        }
    }

    @inline(__always)
    private func load(_ line: UnsafePointer<Double>, _ position: Int) -> R.Terms {
        (Double.lanes(line + position), R.hasSecond ? Double.lanes(line + (position &+ pitch)) : .zero)
    }

    @inline(__always)
    private func store(_ terms: R.Terms, _ line: UnsafeMutablePointer<Double>, _ position: Int) {
        Double.store(terms.first, line + position)
        if R.hasSecond { Double.store(terms.second, line + (position &+ pitch)) }
    }

    /// Folds kept rows to one.
    private func foldRows(_ rows: Range<Int>, _ depths: Int) {
        var count = 0
        for slot in 0..<depths {
            for row in rows {
                list[count] = line(row, slot)
                count &+= 1
            }
        }
        Rows<PlainCells<R.First>>.fold(list, count, into: folded, count: windows.columns.input)
        guard R.hasSecond else { return }
        for place in 0..<count { list[place] += pitch }
        Rows<PlainCells<R.Second>>.fold(list, count, into: folded + pitch, count: windows.columns.input)
    }

    /// Folds the columns of each window of a row.
    @inline(__always)
    private func foldColumns(
        _ depth: Int, _ row: Int, cells: Double, _ body: (WindowTerms, R.Terms, Lanes) -> Void
    ) {
        let (count, neutral) = (windows.columns.output, TermKernel<R>.rounded(windows.columns.input))
        folded[neutral] = R.neutral.first
        Rows<PlainCells<R.First>>.gather(folded, into: sums, count: count, kernel.taps)
        if R.hasSecond {
            folded[neutral &+ pitch] = R.neutral.second
            Rows<PlainCells<R.Second>>.gather(folded + pitch, into: sums + pitch, count: count, kernel.taps)
        }
        var column = 0
        while column < count {
            body(
                WindowTerms(depth: depth, row: row, column: column, count: min(count &- column, Self.width)),
                load(sums, column), Double.lanes(counts + column) * cells)
            column &+= Self.width
        }
    }

    /// The cells of one window, to be folded by themselves.
    func tile(_ plane: Elements, _ depth: Int, _ row: Int, _ column: Int) -> WindowTile<Element> {
        var count = 0
        forEachRun(depth, row, column) { offset, length in
            kernel.format.read(plane + offset, 1, length, scratch.values + count)
            count &+= length
        }
        return WindowTile(
            values: UnsafePointer(scratch.values), offsets: nil, rowPitch: 1, reader: reader, laneCapacity: 1,
            firstTap: 0, tapCount: count, laneCount: 1, declaredCount: count, kernelCount: count, firstOutput: 0,
            outputStep: 0, firstChannel: 0, channelStep: 0)
    }

    /// Calls `body` with the first cell of each row of a window and how many there are.
    @inline(__always)
    func forEachRun(_ depth: Int, _ row: Int, _ column: Int, _ body: (_ offset: Int, _ length: Int) -> Void) {
        let columns = windows.columns.windows[column]
        for source in windows.depth.windows[depth] {
            for line in windows.rows.windows[row] {
                body(
                    source &* windows.input.depth &+ line &* windows.input.row &+ columns.lowerBound, columns.count)
            }
        }
    }
}
