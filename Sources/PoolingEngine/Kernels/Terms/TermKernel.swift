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
    /// Planes that are handled at once, whose cells are side by side.
    let lanes: Int
    /// The columns of each window; nil where planes are side by side.
    let taps: RowTaps?
    /// Cells of each window along the row.
    let counts: [Double]
    /// Rows of terms that are kept for further windows; 0 where each row is folded at once.
    let keptRows: Int

    var name: String { lanes > 1 ? "terms.interleaved" : "terms.planar" }
    var units: WorkUnits { WorkUnits(count: geometry.planeCount, group: lanes) }
    var scratchByteCount: Int { byteCount(gradients: false) }

    private static var width: Int { Lanes.scalarCount }
    /// Cells of a line in which nobody looks for a window, the first of which changes nothing.
    private static var behind: Int { 8 }
    private static var listedTaps: Int { 1 << 16 }
    /// A cache line of planes that are side by side.
    private static var mostLanes: Int { 16 }
    private static var keptBytes: Int { 1 << 18 }

    /// Nil where windows are no boxes that follow each other.
    init?(_ reduction: R, _ geometry: WindowGeometry, _ format: RowFormat<Element>) {
        guard geometry.planeCount > 0, !geometry.isSelective else { return nil }
        let geometry = geometry.cropped
        guard let windows = RowWindows(geometry), windows.rows.isAscending else { return nil }
        let isPlanar = windows.input.column == 1
        guard isPlanar || geometry.lane.input == 1 else { return nil }
        (self.reduction, self.geometry, self.format, self.windows) = (reduction, geometry, format, windows)
        lanes = isPlanar ? 1 : min(geometry.lane.count, Self.mostLanes)
        let count = windows.columns.output
        if isPlanar {
            guard windows.columns.largestCount <= Self.listedTaps / Self.rounded(count) else { return nil }
            taps = RowTaps(windows.columns, width: Self.width, padding: Self.rounded(windows.columns.input))
        } else {
            taps = nil
        }
        counts =
            windows.columns.windows.map { Double($0.count) }
            + repeatElement(1, count: Self.rounded(count) - count)
        let line = Self.rounded(windows.columns.input * lanes) * MemoryLayout<Double>.stride * (R.hasSecond ? 2 : 1)
        let rows = (windows.rows.largestCount + 1).multipliedSaturating(by: windows.depth.largestCount)
        keptRows =
            windows.rows.overlap > 0 && rows.multipliedSaturating(by: line) <= Self.keptBytes
            ? windows.rows.largestCount + 1 : 0
        guard scratchByteCount <= ForwardKernels.largestScratch else { return nil }
    }

    static func rounded(_ count: Int) -> Int { (count + width - 1) / width * width }

    /// Cells of a line of first terms.
    var pitch: Int { Self.rounded(windows.columns.input * lanes) + Self.behind }
    /// Cells of a line.
    var linePitch: Int { R.hasSecond ? 2 * pitch : pitch }
    /// Cells of a line of windows.
    var resultPitch: Int { Self.rounded(max(windows.columns.output, lanes)) + Self.behind }
    /// Rows of terms that are kept, of all depths of a window, and the one that they are folded to.
    var lineCount: Int { keptRows * windows.depth.largestCount + 1 }

    /// What a window is folded in by itself.
    func needs(gradients: Bool) -> WindowScratch<Element>.Needs {
        WindowScratch<Element>.Needs(
            laneCapacity: 1, tapCapacity: max(geometry.largestWindow, 1), readerRoom: geometry.readerRoom,
            gradients: gradients)
    }

    func byteCount(gradients: Bool) -> Int {
        let numbers = lineCount.multipliedSaturating(by: linePitch)
        return (numbers + pitch + 2 * resultPitch).multipliedSaturating(by: MemoryLayout<Double>.stride)
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
        geometry.forEachRun(in: planes, longest: lanes) { run in
            goesOn = pass.pool(input + run.input, lanes: run.count, to: output + run.output, &pace)
            return goesOn
        }
        return goesOn ? nil : .stopped
    }
}

/// One slice's work of a ``TermKernel``, with the memory that it works in.
final class TermPass<R: TermReduction> {
    typealias Element = R.Element

    let kernel: TermKernel<R>
    let scratch: WindowScratch<Element>
    /// A line of results, or of what comes in.
    let results: UnsafeMutablePointer<Element>
    private let block: MemoryBlock
    /// The line that rows are folded to, and the lines that are kept.
    private let folded: UnsafeMutablePointer<Double>
    private let kept: UnsafeMutablePointer<Double>
    private let copied: UnsafeMutablePointer<Element>
    private let counts: UnsafeMutablePointer<Double>
    private let reader: WindowReader
    /// The end of the whole input, up to which memory may be read.
    private let end: Elements

    private var windows: RowWindows { kernel.windows }
    @inline(__always) private static var width: Int { Lanes.scalarCount }

    /// Nil where the system gives no memory.
    init?(_ kernel: TermKernel<R>, gradients: Bool, end: Elements, _ cancellation: Cancellation?) {
        let (lines, needs) = (kernel.lineCount * kernel.linePitch, kernel.needs(gradients: gradients))
        guard let scratch = WindowScratch<Element>(needs, cancellation),
            let block = try? MemoryBlock(
                byteCount: kernel.byteCount(gradients: gradients) - needs.byteCount, account: nil),
            let start = block.bytes.baseAddress
        else { return nil }
        start.initializeMemory(as: UInt8.self, repeating: 0, count: block.bytes.count)
        (self.kernel, self.scratch, self.block, self.end) = (kernel, scratch, block, end)
        folded = start.assumingMemoryBound(to: Double.self)
        kept = folded + kernel.linePitch
        counts = folded + lines
        counts.update(from: kernel.counts, count: kernel.counts.count)
        results = UnsafeMutableRawPointer(counts + kernel.resultPitch).assumingMemoryBound(to: Element.self)
        copied = UnsafeMutableRawPointer(counts + 2 * kernel.resultPitch).assumingMemoryBound(to: Element.self)
        reader = WindowReader(kernel.geometry, room: scratch.readerRoom)
    }

    /// Pools planes that are side by side, unless it is stopped.
    ///
    /// - Returns: whether it was not stopped.
    func pool(_ plane: Elements, lanes: Int, to output: MutableElements, _ pace: inout Pace) -> Bool {
        let (reduction, step) = (kernel.reduction, windows.output)
        return fold(plane, lanes: lanes, &pace) { eight, folded, counts in
            let (value, witness) = reduction.value(folded, counts: counts)
            let line = results + (eight.isInterleaved ? eight.lane : eight.column)
            Element.store(value, line)
            eight.forEachUnknown(witness) { number in
                let (column, lane) = eight.place(number)
                let tile = tile(plane + lane &* kernel.geometry.lane.input, eight.depth, eight.row, column)
                reduction.reduce(tile, scratch)
                line[number] = scratch.results[0]
            }
            let place = eight.depth &* step.depth &+ eight.row &* step.row &+ eight.column &* step.column
            let lane = kernel.geometry.lane.output
            kernel.format.write(
                line, eight.count, output + (place &+ eight.lane &* lane), eight.isInterleaved ? lane : step.column)
        }
    }

    /// Calls `body` with the folded terms of all windows of planes that are side by side, unless it is stopped.
    ///
    /// - Returns: whether it was not stopped.
    @inline(__always)
    func fold(
        _ plane: Elements, lanes: Int, _ pace: inout Pace,
        _ body: (_ windows: WindowTerms, _ folded: R.Terms, _ counts: Lanes) -> Void
    ) -> Bool {
        for (depth, sources) in windows.depth.windows.enumerated() {
            var next = 0
            for (row, needed) in windows.rows.windows.enumerated() {
                next = kernel.keptRows > 0 ? max(next, needed.lowerBound) : needed.lowerBound
                while next < needed.upperBound {
                    takeTerms(plane, sources, next, isFirst: next == needed.lowerBound, lanes)
                    next += 1
                    guard pace.goesOn(after: sources.count &* windows.columns.input &* lanes) else { return false }
                }
                if kernel.keptRows > 0 { foldRows(needed, sources.count, lanes) }
                let cells = Double(sources.count &* needed.count)
                if let taps = kernel.taps {
                    foldColumns(depth, row, cells, taps, body)
                } else {
                    foldInterleaved(depth, row, cells, lanes, body)
                }
                guard pace.goesOn(after: windows.columns.output &* lanes) else { return false }
            }
        }
        return true
    }

    /// The cells of a row: where they are, or copies.
    func readable(_ row: Elements, lanes: Int) -> UnsafePointer<Element> {
        let (length, step) = (windows.columns.input &* lanes, windows.input.column)
        if kernel.format.isStored, step == lanes, end - row >= TermKernel<R>.rounded(length) {
            return row.bound(to: Element.self)
        }
        if lanes == 1 {
            kernel.format.read(row, step, length, copied)
        } else {
            for column in 0..<windows.columns.input {
                kernel.format.read(row + column &* step, kernel.geometry.lane.input, lanes, copied + column &* lanes)
            }
        }
        return UnsafePointer(copied)
    }

    @inline(__always)
    private func line(_ row: Int, _ slot: Int) -> UnsafeMutablePointer<Double> {
        kept + (slot &* kernel.keptRows &+ row % kernel.keptRows) &* kernel.linePitch
    }

    /// The terms of one row of all depths: to be kept, or folded into those of the rows before.
    private func takeTerms(_ plane: Elements, _ sources: Range<Int>, _ row: Int, isFirst: Bool, _ lanes: Int) {
        for (slot, source) in sources.enumerated() {
            let cells = readable(plane + (source &* windows.input.depth &+ row &* windows.input.row), lanes: lanes)
            if kernel.keptRows > 0 {
                forEach(cells, lanes) { store($1, line(row, slot), $0) }
            } else if isFirst, slot == 0 {
                forEach(cells, lanes) { store($1, folded, $0) }
            } else {
                forEach(cells, lanes) { store(R.fold(load(folded, $0), $1), folded, $0) }
            }
        }
    }

    @inline(__always)
    private func forEach(
        _ cells: UnsafePointer<Element>, _ lanes: Int, _ body: (_ position: Int, _ terms: R.Terms) -> Void
    ) {
        let (reduction, length) = (kernel.reduction, windows.columns.input &* lanes)
        var position = 0
        while position < length {
            body(position, reduction.terms(Element.lanes(cells + position)))
            position &+= Self.width
        }
    }

    @inline(__always)
    private func load(_ line: UnsafePointer<Double>, _ position: Int) -> R.Terms {
        (
            Double.lanes(line + position), R.hasSecond ? Double.lanes(line + (position &+ kernel.pitch)) : .zero
        )
    }

    @inline(__always)
    private func store(_ terms: R.Terms, _ line: UnsafeMutablePointer<Double>, _ position: Int) {
        Double.store(terms.first, line + position)
        if R.hasSecond { Double.store(terms.second, line + (position &+ kernel.pitch)) }
    }

    /// Folds kept rows to one.
    private func foldRows(_ rows: Range<Int>, _ depths: Int, _ lanes: Int) {
        let length = windows.columns.input &* lanes
        var isFirst = true
        for slot in 0..<depths {
            for row in rows {
                let line = line(row, slot)
                var position = 0
                while position < length {
                    let terms = load(line, position)
                    store(isFirst ? terms : R.fold(load(folded, position), terms), folded, position)
                    position &+= Self.width
                }
                isFirst = false
            }
        }
    }

    /// Folds the columns of each window of a row, eight windows at a time.
    @inline(__always)
    private func foldColumns(
        _ depth: Int, _ row: Int, _ cells: Double, _ taps: RowTaps, _ body: (WindowTerms, R.Terms, Lanes) -> Void
    ) {
        let (count, second) = (windows.columns.output, folded + kernel.pitch)
        let neutral = TermKernel<R>.rounded(windows.columns.input)
        folded[neutral] = R.neutral.first
        if R.hasSecond { second[neutral] = R.neutral.second }
        taps.columns.withUnsafeBufferPointer { columns in
            guard let columns = columns.baseAddress else { return }
            var column = 0
            while column < count {
                var terms = gather(columns + column)
                for tap in 1..<max(taps.count, 1) {
                    terms = R.fold(terms, gather(columns + (tap &* taps.pitch &+ column)))
                }
                let eight = WindowTerms(
                    depth: depth, row: row, column: column, lane: 0, count: min(count &- column, Self.width),
                    isInterleaved: false)
                body(eight, terms, Double.lanes(counts + column) * cells)
                column &+= Self.width
            }
        }
    }

    @inline(__always)
    private func gather(_ columns: UnsafePointer<Int32>) -> R.Terms {
        (
            Lanes(at: columns, of: folded), R.hasSecond ? Lanes(at: columns, of: folded + kernel.pitch) : .zero
        )
    }

    /// Folds the columns of each window of a row, eight planes at a time.
    @inline(__always)
    private func foldInterleaved(
        _ depth: Int, _ row: Int, _ cells: Double, _ lanes: Int, _ body: (WindowTerms, R.Terms, Lanes) -> Void
    ) {
        for (column, window) in windows.columns.windows.enumerated() {
            var lane = 0
            while lane < lanes {
                var terms = load(folded, window.lowerBound &* lanes &+ lane)
                for cell in window.dropFirst() {
                    terms = R.fold(terms, load(folded, cell &* lanes &+ lane))
                }
                let eight = WindowTerms(
                    depth: depth, row: row, column: column, lane: lane, count: min(lanes &- lane, Self.width),
                    isInterleaved: true)
                body(eight, terms, Lanes(repeating: counts[column] * cells))
                lane &+= Self.width
            }
        }
    }

    /// The cells of one window of the plane that begins at `plane`, to be folded by themselves.
    func tile(_ plane: Elements, _ depth: Int, _ row: Int, _ column: Int) -> WindowTile<Element> {
        var count = 0
        forEachRun(depth, row, column) { offset, length in
            kernel.format.read(plane + offset, windows.input.column, length, scratch.values + count)
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
        let (step, columns) = (windows.input, windows.columns.windows[column])
        for source in windows.depth.windows[depth] {
            for line in windows.rows.windows[row] {
                body(
                    source &* step.depth &+ line &* step.row &+ columns.lowerBound &* step.column, columns.count)
            }
        }
    }
}

extension SIMD8<Double> {
    /// Eight numbers of a line.
    @inline(__always)
    init(at columns: UnsafePointer<Int32>, of line: UnsafePointer<Double>) {
        self.init()
        for lane in 0..<Self.scalarCount { self[lane] = line[Int(columns[lane])] }
    }
}
