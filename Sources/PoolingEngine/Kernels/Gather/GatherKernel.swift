/// Gathers the cells of windows into a tile and asks the op for values, selected cells or gradients.
///
/// The definition of every op over every region of whole elements. Tiles hold windows of neighbouring planes, one in each
/// lane, or one window, whose cells are folded in parts; which of them depends on the geometry and the op alone, so that
/// results do not depend on how planes are divided among threads.
struct GatherKernel<Stored: StoredElement>: Sendable {
    typealias Computed = Stored.Computed
    typealias Needs = WindowScratch<Computed>.Needs

    let geometry: WindowGeometry
    let reducer: Reducer<Computed>
    let laneCapacity: Int
    /// What padded cells hold, for each pooled axis.
    let paddingValues: [Computed]
    let level: PlaneLevel
    let laneStarts: LaneStarts?

    init(_ geometry: WindowGeometry, _ reducer: Reducer<Computed>) {
        self.geometry = geometry
        self.reducer = reducer
        (level, laneStarts) = (geometry.lane, geometry.laneStarts)
        laneCapacity = reducer.laneCapacity(geometry.lane, largestWindow: geometry.largestTile(reducer.reads))
        paddingValues = geometry.paddingValues.map { Stored($0)?.computed ?? .zero }
    }

    /// Planes that are visited together, so that windows are laid out once for all of them.
    private var runLength: Int { laneCapacity == 1 ? 16 : laneCapacity }

    /// The scratch of one slice.
    func needs(gradients: Bool) -> Needs {
        Needs(
            laneCapacity: laneCapacity, tapCapacity: max(geometry.largestTile(reducer.reads), 1),
            readerRoom: geometry.readerRoom, gradients: gradients, sorts: reducer.sorts)
    }

    func visit(
        _ planes: Range<Int>, _ scratch: WindowScratch<Computed>, _ body: (WindowWalk.Visit) -> Void
    ) -> DataFault? {
        let reader = WindowReader(geometry, room: scratch.readerRoom, scratch.cancellation)
        let walk = WindowWalk(geometry: geometry, laneCapacity: runLength)
        let goesOn = walk.visit(planes, reader, scratch.cancellation, body)
        return goesOn ? scratch.fault : .stopped
    }

    /// Pools the planes in `planes`.
    func forward(
        _ planes: Range<Int>, input: UnsafePointer<Stored>, output: UnsafeMutablePointer<Stored>,
        indices: UnsafeMutablePointer<Int64>?, _ cancellation: Cancellation?
    ) -> DataFault? {
        guard let scratch = WindowScratch<Computed>(needs(gradients: false), cancellation) else { return .outOfMemory }
        scratch.emptyValue = Stored(geometry.emptyValue)?.computed ?? .zero
        // Looked up once: threads would wait for each other to count references to it.
        let reduce = indices == nil ? reducer.reduce : reducer.reduceSelecting ?? reducer.reduce
        return visit(planes, scratch) { visit in
            guard visit.reader.tapCount > 0 else {
                writeEmpty(visit, output: output, indices: indices)
                return
            }
            forEachTile(visit, input, scratch) { tile, first in
                reduce(tile, scratch)
                for lane in 0..<tile.laneCount {
                    let offset = tile.output(ofLane: lane)
                    guard let value = Stored(rounding: scratch.results[lane]) else {
                        scratch.report(.integerOverflow, output: offset)
                        continue
                    }
                    output[offset] = value
                }
                if let indices { writeIndices(visit, first, tile, scratch, indices) }
            }
        }
    }

    /// Adds the gradients of the planes in `planes` to `gradInput`; their planes of the input are disjoint from others'.
    ///
    /// - Parameter input: nil where the op's gradient does not depend on the values.
    func backward<Sum: RealElement>(
        _ planes: Range<Int>, input: UnsafePointer<Stored>?, gradOutput: UnsafePointer<Stored>,
        gradInput: UnsafeMutablePointer<Sum>, _ cancellation: Cancellation?
    ) -> DataFault? where Computed: RealElement {
        guard let scratch = WindowScratch<Computed>(needs(gradients: true), cancellation) else { return .outOfMemory }
        return visit(planes, scratch) { visit in
            guard visit.reader.tapCount > 0 else { return }
            forEachTile(visit, input, scratch) { tile, first in
                readIncoming(tile, gradOutput, scratch)
                reducer.differentiate(tile, scratch)
                add(
                    tile, to: gradInput + (visit.input &+ first &* level.input), visit.run.first &+ first,
                    scratch)
            }
        }
    }

    @inline(__always)
    func readIncoming(
        _ tile: WindowTile<Computed>, _ gradOutput: UnsafePointer<Stored>, _ scratch: WindowScratch<Computed>
    ) {
        for lane in 0..<tile.laneCount { scratch.incoming[lane] = gradOutput[tile.output(ofLane: lane)].computed }
    }

    /// Adds a tile's gradients to the elements that its windows read.
    ///
    /// - Parameter first: the number of the plane in the first lane.
    @inline(__always)
    private func add<Sum: RealElement>(
        _ tile: WindowTile<Computed>, to gradInput: UnsafeMutablePointer<Sum>, _ first: Int,
        _ scratch: WindowScratch<Computed>
    ) where Computed: RealElement {
        if tile.isSplit {
            forEachRun(tile) { tap, offset, count in
                guard offset >= 0 else { return }
                let (cells, gradients) = (gradInput + offset, scratch.gradients + tap)
                for cell in 0..<count { cells[cell] += Sum(gradients[cell].double) }
            }
            return
        }
        let (step, starts) = (level.input, laneStarts)
        tile.forEachTap(scratch) { tap in
            let offset = tile.reader.offset(ofTap: tile.firstTap &+ tap)
            guard offset >= 0 else { return }
            let (cells, gradients) = (gradInput + offset, scratch.gradients + tap &* laneCapacity)
            if let starts {
                starts.input.withUnsafeBufferPointer { starts in
                    for lane in 0..<tile.laneCount { cells[starts[first &+ lane]] += Sum(gradients[lane].double) }
                }
            } else if step == 1 {
                for lane in 0..<tile.laneCount { cells[lane] += Sum(gradients[lane].double) }
            } else {
                for lane in 0..<tile.laneCount { cells[lane &* step] += Sum(gradients[lane].double) }
            }
        }
    }

    private func writeEmpty(
        _ visit: WindowWalk.Visit, output: UnsafeMutablePointer<Stored>, indices: UnsafeMutablePointer<Int64>?
    ) {
        guard let empty = Stored(geometry.emptyValue) else { return }
        for lane in 0..<visit.run.count {
            output[visit.output &+ lane &* level.output] = empty
            indices?[visit.output &+ lane &* level.output] = -1
        }
    }

    private func writeIndices(
        _ visit: WindowWalk.Visit, _ first: Int, _ tile: WindowTile<Computed>, _ scratch: WindowScratch<Computed>,
        _ indices: UnsafeMutablePointer<Int64>
    ) {
        for lane in 0..<tile.laneCount {
            let selected = scratch.selected[lane]
            let tap = tile.firstTap &+ selected
            let number = selected < 0 ? nil : visit.reader.number(ofTap: tap)
            let inPlane =
                geometry.indexing.base == .window ? number.map { _ in visit.reader.kernelOffset(ofTap: tap) } : number
            let start = laneStarts.map { $0.index[visit.run.first &+ first &+ lane] } ?? 0
            let plane = visit.number &+ (first &+ lane) &* level.index &+ start
            indices[tile.output(ofLane: lane)] = inPlane.map { Int64($0 &+ plane) } ?? -1
        }
    }
}

extension Reducer {
    /// As many lanes as a tile that stays in the first-level cache can have.
    ///
    /// Near ones come in cache lines, others one by one. Ops that compute in vectors get whole ones. Large windows of far
    /// planes are gathered one by one, and folded in parts where the op can.
    func laneCapacity(_ lane: PlaneLevel, largestWindow: Int) -> Int {
        guard lane.mask == 0 else { return 1 }
        let isNear = lane.input <= 4 && lane.count > 1
        let room = max((1 << 13) / max(largestWindow, 1), 1)
        if sorts, largestWindow > WindowScratch<Element>.sortedRows {
            // Sorted one by one; cells of near planes are copied by the cache line.
            return isNear && largestWindow <= Self.largestNear ? 16 : 1
        }
        guard let (vector, largestFar) = sideBySide else { return max(min(isNear ? 64 : 16, room, lane.count), 1) }
        if largestWindow > (isNear ? Self.largestNear : largestFar) { return 1 }
        // Sorting has the cells twice.
        let widest = isNear ? (sorts ? 64 : 256) : 16
        return min(widest, max(room / vector, 1) * vector, lane.count.rounded(to: vector))
    }

    /// Lanes in a vector, and the most cells that windows of far planes have side by side; nil for ops that compute cell
    /// by cell.
    private var sideBySide: (vector: Int, largestFar: Int)? {
        switch reads {
        case .folds: (Lanes.scalarCount, 23)
        case .rows, .sorts: (Element.Vector.scalarCount, 512)
        default: nil
        }
    }

    /// Larger windows of near planes would take much memory side by side.
    private static var largestNear: Int { (1 << 16) - 1 }
}

extension WindowGeometry {
    /// The most cells of one window that a tile holds.
    fileprivate func largestTile(_ reads: CellAccess) -> Int {
        if case .edge = reads { min(largestWindow, 1) } else { largestWindow }
    }
}

extension GatherKernel: ForwardKernel {
    /// Groups are small enough for two threads to divide wide rows.
    var units: WorkUnits { WorkUnits(planesOf: geometry, group: min(laneCapacity, 64)) }
    var scratchByteCount: Int { needs(gradients: false).byteCount }

    /// `gather.reference` folds one window at a time; more lanes do the same for neighbouring planes or windows.
    var name: String { laneCapacity == 1 ? "gather.reference" : "gather.lanes\(laneCapacity)" }
}
