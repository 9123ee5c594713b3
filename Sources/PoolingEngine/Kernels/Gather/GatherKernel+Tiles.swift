/// The cells of several windows, copied side by side.
extension GatherKernel {
    /// Calls `body` with the loaded tile of each window and its incoming gradients in place.
    func forEachTile(
        _ planes: Range<Int>, input: UnsafePointer<Stored>, gradOutput: UnsafePointer<Stored>,
        _ cancellation: Cancellation?, _ body: (WindowTile<Computed>, WindowScratch<Computed>) -> Void
    ) -> DataFault? {
        guard let scratch = WindowScratch<Computed>(needs(gradients: false), cancellation) else { return .outOfMemory }
        return visit(planes, scratch) { visit in
            guard visit.reader.tapCount > 0 else { return }
            forEachTile(visit, input, scratch) { tile, _ in
                readIncoming(tile, gradOutput, scratch)
                body(tile, scratch)
            }
        }
    }

    /// Calls `body` with one tile of all windows, or with one for each where they are folded in parts; and with the number
    /// of its first window.
    @inline(__always)
    func forEachTile(
        _ visit: WindowWalk.Visit, _ input: UnsafePointer<Stored>?, _ scratch: WindowScratch<Computed>,
        _ body: (WindowTile<Computed>, Int) -> Void
    ) {
        let lanes = laneCapacity == 1 ? 1 : visit.run.count
        var first = 0
        while first < visit.run.count {
            var tile = tile(visit, first, lanes, scratch)
            if let input {
                load(&tile, input + (visit.input &+ first &* level.input), visit.run.first &+ first, scratch)
            }
            body(tile, first)
            first &+= lanes
        }
    }

    @inline(__always)
    private func tile(
        _ visit: WindowWalk.Visit, _ first: Int, _ lanes: Int, _ scratch: WindowScratch<Computed>
    ) -> WindowTile<Computed> {
        let step = level
        var taps = 0..<visit.reader.tapCount
        if case .edge(let isLast) = reducer.reads { taps = isLast ? taps.suffix(1) : taps.prefix(1) }
        return WindowTile(
            values: UnsafePointer(scratch.values), offsets: nil, rowPitch: laneCapacity, reader: visit.reader,
            laneCapacity: laneCapacity, firstTap: taps.lowerBound, tapCount: taps.count, laneCount: lanes,
            declaredCount: visit.reader.declaredCount, kernelCount: visit.reader.wholeCount,
            firstOutput: visit.output &+ first &* step.output, outputStep: step.output,
            firstChannel: visit.run.channel &+ first &* step.channel, channelStep: step.channel)
    }

    /// Copies the cells of a tile, or lets it read them where they are.
    ///
    /// - Parameter first: the number of the plane in the first lane.
    @inline(__always)
    private func load(
        _ tile: inout WindowTile<Computed>, _ input: UnsafePointer<Stored>, _ first: Int,
        _ scratch: WindowScratch<Computed>
    ) {
        if Stored.self == Computed.self, stays(&tile, in: input) { return }
        if tile.isSplit { return copyRuns(tile, input, scratch) }
        let (step, starts) = (level.input, laneStarts)
        tile.forEachTap(scratch) { tap in
            let row = scratch.values + tap &* laneCapacity
            let offset = tile.reader.offset(ofTap: tile.firstTap &+ tap)
            if let axis = WindowReader.paddedAxis(offset) {
                row.update(repeating: paddingValues[axis], count: tile.laneCount)
                return
            }
            let cells = input + offset
            if let starts {
                starts.input.withUnsafeBufferPointer { starts in
                    for lane in 0..<tile.laneCount { row[lane] = cells[starts[first &+ lane]].computed }
                }
                return
            }
            switch step {
            case 1: Stored.compute(cells, count: tile.laneCount, to: row)
            case 2: for lane in 0..<tile.laneCount { row[lane] = cells[lane &* 2].computed }
            default:
                for lane in 0..<tile.laneCount { row[lane] = cells[lane &* step].computed }
            }
        }
    }

    /// Whether the tile's rows can be those of the tensor: cells of windows side by side, or of one window in a row.
    @inline(__always)
    private func stays(_ tile: inout WindowTile<Computed>, in input: UnsafePointer<Stored>) -> Bool {
        let reader = tile.reader
        let width: Int
        switch reducer.reads {
        case .folds: width = Lanes.scalarCount
        case .sorts where tile.isSplit && tile.tapCount > WindowTile<Computed>.sideBySide: width = 1
        case .rows where !tile.isSplit: width = Computed.Vector.scalarCount
        default: return false
        }
        let isSideBySide = level.input == 1 && tile.laneCount >= width && !reader.hasPaddedCells
        guard tile.isSplit ? reader.evenStep == 1 : isSideBySide else { return false }
        tile.values = UnsafeRawPointer(input).assumingMemoryBound(to: Computed.self)
        if !tile.isSplit {
            (tile.offsets, tile.rowPitch) = reader.evenStep.map { (nil, $0) } ?? (UnsafePointer(reader.offsets), 0)
        }
        tile.isInPlace = true
        return true
    }

    /// One window, cell after cell.
    @inline(__always)
    private func copyRuns(
        _ tile: WindowTile<Computed>, _ input: UnsafePointer<Stored>, _ scratch: WindowScratch<Computed>
    ) {
        forEachRun(tile) { tap, offset, count in
            let row = scratch.values + tap
            if let axis = WindowReader.paddedAxis(offset) {
                row.update(repeating: paddingValues[axis], count: count)
                return
            }
            let cells = input + offset
            Stored.compute(cells, count: count, to: row)
        }
    }

    /// Calls `body` with the first of taps that read one element after the other, its offset, and how many there are.
    @inline(__always)
    func forEachRun(_ tile: WindowTile<Computed>, _ body: (_ tap: Int, _ offset: Int, _ count: Int) -> Void) {
        let length = min(tile.reader.runLength, tile.tapCount)
        var tap = 0
        while tap < tile.tapCount {
            body(tap, tile.reader.offset(ofTap: tile.firstTap &+ tap), length)
            tap &+= length
        }
    }
}
