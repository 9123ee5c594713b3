/// Gathers the cells of windows into a tile and asks the op for values, selected cells or gradients.
///
/// The definition of every op over every region of whole elements. With one lane it is the reference; with more it does
/// the same for neighbouring planes, lane by lane, folding each window in the same order, so that results are equal bit
/// for bit.
struct GatherKernel<Stored: StoredElement>: Sendable {
    typealias Computed = Stored.Computed
    typealias Needs = WindowScratch<Computed>.Needs

    let geometry: WindowGeometry
    let reducer: Reducer<Computed>
    let laneCapacity: Int
    /// What padded cells hold, for each pooled axis.
    private let paddingValues: [Computed]

    init(_ geometry: WindowGeometry, _ reducer: Reducer<Computed>) {
        self.geometry = geometry
        self.reducer = reducer
        laneCapacity = Self.lanes(geometry.lane, largestWindow: geometry.largestWindow)
        paddingValues = geometry.paddingValues.map { Stored($0)?.computed ?? .zero }
    }

    /// As many lanes as a tile that stays in the first-level cache can have: near ones come in cache lines, others one
    /// by one.
    static func lanes(_ lane: PlaneLevel, largestWindow: Int) -> Int {
        guard lane.mask == 0 else { return 1 }
        let most = lane.input <= 4 ? 64 : 16
        let room = max((1 << 13) / max(largestWindow, 1), 1)
        return max(min(most, room, lane.count), 1)
    }

    /// The scratch of one slice.
    func needs(gradients: Bool) -> Needs {
        Needs(
            laneCapacity: laneCapacity, tapCapacity: max(geometry.largestWindow, 1),
            readerRoom: geometry.readerRoom, gradients: gradients,
            sorts: reducer.sorts)
    }

    private func visit(
        _ planes: Range<Int>, _ scratch: WindowScratch<Computed>, _ body: (WindowWalk.Visit) -> Void
    ) -> DataFault? {
        let reader = WindowReader(geometry, room: scratch.readerRoom)
        let walk = WindowWalk(geometry: geometry, laneCapacity: laneCapacity)
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
        let step = geometry.lane
        return visit(planes, scratch) { visit in
            guard visit.reader.tapCount > 0 else {
                writeEmpty(visit, output: output, indices: indices)
                return
            }
            let tile = tile(visit, scratch)
            load(tile, visit, input, scratch)
            reducer.reduce(tile, scratch)
            for lane in 0..<visit.run.count {
                let place = visit.output &+ lane &* step.output
                guard let value = Stored(rounding: scratch.results[lane]) else {
                    scratch.report(.integerOverflow, output: place)
                    continue
                }
                output[place] = value
            }
            if let indices { writeIndices(visit, tile, scratch, indices) }
        }
    }

    /// Adds the gradients of the planes in `planes` to `gradInput`; their planes of the input are disjoint from others'.
    ///
    /// - Parameter input: nil where the op's gradient does not depend on the values.
    func backward(
        _ planes: Range<Int>, input: UnsafePointer<Stored>?, gradOutput: UnsafePointer<Stored>,
        gradInput: UnsafeMutablePointer<Computed>, _ cancellation: Cancellation?
    ) -> DataFault? where Computed: RealElement {
        guard let scratch = WindowScratch<Computed>(needs(gradients: true), cancellation) else { return .outOfMemory }
        let step = geometry.lane
        return visit(planes, scratch) { visit in
            guard visit.reader.tapCount > 0 else { return }
            let tile = tile(visit, scratch)
            if let input { load(tile, visit, input, scratch) }
            for lane in 0..<visit.run.count {
                scratch.incoming[lane] = gradOutput[visit.output &+ lane &* step.output].computed
            }
            reducer.differentiate(tile, scratch)
            tile.forEachTap(scratch) { tap in
                let offset = visit.reader.offset(ofTap: tap)
                guard offset >= 0 else { return }
                let cells = gradInput + (visit.input &+ offset)
                let gradients = scratch.gradients + tap &* laneCapacity
                for lane in 0..<visit.run.count { cells[lane &* step.input] += gradients[lane] }
            }
        }
    }

    /// Calls `body` with the loaded tile of each window and its incoming gradients in place.
    func forEachTile(
        _ planes: Range<Int>, input: UnsafePointer<Stored>, gradOutput: UnsafePointer<Stored>,
        _ cancellation: Cancellation?, _ body: (WindowTile<Computed>, WindowScratch<Computed>) -> Void
    ) -> DataFault? {
        guard let scratch = WindowScratch<Computed>(needs(gradients: false), cancellation) else { return .outOfMemory }
        return visit(planes, scratch) { visit in
            guard visit.reader.tapCount > 0 else { return }
            let tile = tile(visit, scratch)
            load(tile, visit, input, scratch)
            for lane in 0..<visit.run.count {
                scratch.incoming[lane] = gradOutput[visit.output &+ lane &* geometry.lane.output].computed
            }
            body(tile, scratch)
        }
    }

    @inline(__always)
    private func tile(_ visit: WindowWalk.Visit, _ scratch: WindowScratch<Computed>) -> WindowTile<Computed> {
        WindowTile(
            values: scratch.values, reader: visit.reader, laneCapacity: laneCapacity,
            tapCount: visit.reader.tapCount, laneCount: visit.run.count, declaredCount: visit.reader.declaredCount,
            kernelCount: visit.reader.wholeCount, firstOutput: visit.output, outputStep: geometry.lane.output,
            firstChannel: visit.run.channel, channelStep: geometry.lane.channel)
    }

    @inline(__always)
    private func load(
        _ tile: WindowTile<Computed>, _ visit: WindowWalk.Visit, _ input: UnsafePointer<Stored>,
        _ scratch: WindowScratch<Computed>
    ) {
        let step = geometry.lane.input
        tile.forEachTap(scratch) { tap in
            let row = scratch.values + tap &* laneCapacity
            let offset = visit.reader.offset(ofTap: tap)
            if let axis = WindowReader.paddedAxis(offset) {
                row.update(repeating: paddingValues[axis], count: visit.run.count)
                return
            }
            let cells = input + (visit.input &+ offset)
            switch step {
            case 1: for lane in 0..<visit.run.count { row[lane] = cells[lane].computed }
            case 2: for lane in 0..<visit.run.count { row[lane] = cells[lane &* 2].computed }
            default:
                for lane in 0..<visit.run.count { row[lane] = cells[lane &* step].computed }
            }
        }
    }

    private func writeEmpty(
        _ visit: WindowWalk.Visit, output: UnsafeMutablePointer<Stored>, indices: UnsafeMutablePointer<Int64>?
    ) {
        guard let empty = Stored(geometry.emptyValue) else { return }
        for lane in 0..<visit.run.count {
            output[visit.output &+ lane &* geometry.lane.output] = empty
            indices?[visit.output &+ lane &* geometry.lane.output] = -1
        }
    }

    private func writeIndices(
        _ visit: WindowWalk.Visit, _ tile: WindowTile<Computed>, _ scratch: WindowScratch<Computed>,
        _ indices: UnsafeMutablePointer<Int64>
    ) {
        reducer.select?(tile, scratch)
        let step = geometry.lane
        for lane in 0..<visit.run.count {
            let tap = scratch.selected[lane]
            let number = tap < 0 ? nil : visit.reader.number(ofTap: tap)
            let inPlane =
                geometry.indexing.base == .window ? number.map { _ in visit.reader.kernelOffset(ofTap: tap) } : number
            let plane = visit.number &+ lane &* step.index
            indices[visit.output &+ lane &* step.output] = inPlane.map { Int64($0 &+ plane) } ?? -1
        }
    }
}

extension GatherKernel: ForwardKernel {
    var units: WorkUnits { WorkUnits(count: geometry.planeCount, group: laneCapacity) }
    var scratchByteCount: Int { needs(gradients: false).byteCount }

    /// `gather.reference` folds one window at a time; more lanes do the same for neighbouring planes.
    var name: String { laneCapacity == 1 ? "gather.reference" : "gather.lanes\(laneCapacity)" }
}
