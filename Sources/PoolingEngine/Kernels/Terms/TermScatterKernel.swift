import RecycledMemory

/// Folds the terms of rows in the order of the input, each row into the window of its group.
///
/// Rows that share a group are anywhere, and reading them group by group takes longer than folding them; what they are
/// folded into is smaller. Windows whose folds have lost something are folded again, each by itself.
struct TermScatterKernel<R: TermReduction>: RowFolding where R.Row == Double {
    typealias Element = R.Element

    private let reduction: R
    private let format: RowFormat<Element>
    private let geometry: WindowGeometry
    private let groups: RowGroups
    /// By which the cells of each row are multiplied, in folds that lose nothing; nil for 1.
    private let weights: WeightTable?
    /// Planes handled together: as many as the second-level cache has room for.
    private let lanes: Int

    var name: String { "terms.scattered" }
    var units: WorkUnits { WorkUnits(planesOf: geometry, group: 64) }
    var scratchByteCount: Int { byteCount.addingSaturating(needs.byteCount) }

    @inline(__always) private static var width: Int { Lanes.scalarCount }
    private static var cachedBytes: Int { 1 << 20 }
    /// Rows are read in pieces of no fewer planes.
    private static var fewestLanes: Int { 32 }

    /// Nil where rows are in several windows, or neighbouring planes not side by side.
    init?(_ reduction: R, _ geometry: WindowGeometry, _ format: RowFormat<Element>, weights: WeightTable? = nil) {
        let lane = geometry.lane
        guard geometry.axes.count == 1, let groups = geometry.axes[0].groups, groups.isPartition, groups.groupCount > 0,
            lane.input == 1, lane.output == 1, lane.channel == 0, !geometry.isSelective
        else { return nil }
        (self.reduction, self.geometry, self.format, self.weights) = (reduction, geometry, format, weights)
        self.groups = groups
        let line = groups.groupCount * MemoryLayout<Double>.stride * (R.hasSecond ? 2 : 1)
        lanes = min(Self.cachedBytes / line / Self.width * Self.width, lane.count)
        guard lanes >= min(Self.fewestLanes, lane.count) else { return nil }
    }

    private var rowCount: Int { geometry.axes[0].input }
    private var pitch: Int { lanes.rounded(to: Self.width) }
    /// From the first terms of all windows to the second ones.
    private var second: Int { groups.groupCount * pitch }
    /// Terms of all windows, results, a copied row, and the group of each row.
    private var byteCount: Int { (2 * second + 2 * pitch) * MemoryLayout<Double>.stride + rowCount * 4 }
    private var needs: WindowScratch<Element>.Needs {
        WindowScratch<Element>.Needs(
            laneCapacity: 1, tapCapacity: geometry.largestWindow, readerRoom: geometry.readerRoom)
    }

    func forward(
        _ planes: Range<Int>, input: Elements, output: MutableElements, indices: UnsafeMutablePointer<Int64>?,
        _ cancellation: Cancellation?
    ) -> DataFault? {
        guard let scratch = WindowScratch<Element>(needs, cancellation),
            let block = ScratchMemory(byteCount: byteCount)
        else { return .outOfMemory }
        defer { withExtendedLifetime(block) {} }
        let folded = block.start.assumingMemoryBound(to: Double.self)
        let results = UnsafeMutableRawPointer(folded + 2 * second).assumingMemoryBound(to: Element.self)
        let owners = UnsafeMutableRawPointer(folded + 2 * (second + pitch)).assumingMemoryBound(to: Int32.self)
        groups.listGroups(ofRows: rowCount, owners)
        let reader = WindowReader(geometry, room: scratch.readerRoom, cancellation)
        let end = input + geometry.inputCount
        var pace = Pace(cancellation)
        var goesOn = true
        geometry.forEachRun(in: planes, longest: lanes) { run in
            let first = input + run.input
            folded.update(repeating: R.neutral.first, count: second)
            if R.hasSecond { (folded + second).update(repeating: R.neutral.second, count: second) }
            for row in 0..<rowCount where owners[row] >= 0 {
                let cells = readable(first + row &* geometry.inputStrides[0], run.count, end, copy: results + pitch)
                add(cells, weights.map { $0[row] }, run.count, to: folded + Int(owners[row]) &* pitch)
                goesOn = pace.goesOn(after: run.count)
                guard goesOn else { return false }
            }
            for group in 0..<groups.groupCount {
                finish(group, folded + group &* pitch, run.count, results) { lane in
                    goesOn = goesOn && pace.goesOn(after: groups.lists.count(ofGroup: group))
                    return goesOn ? fold(group, first + lane, scratch, reader) : .zero
                }
                let offset = groups.lists.key(ofGroup: group) &* geometry.outputStrides[0]
                format.write(results, run.count, output + (run.output &+ offset), 1)
            }
            goesOn = goesOn && pace.goesOn(after: second)
            return goesOn
        }
        return goesOn ? nil : .stopped
    }

    /// The cells of a row, with room for whole vectors: where they are, or a copy.
    @inline(__always)
    private func readable(
        _ row: Elements, _ count: Int, _ end: Elements, copy: UnsafeMutablePointer<Element>
    ) -> UnsafePointer<Element> {
        if format.isStored, row.has(pitch, before: end) { return row.bound(to: Element.self) }
        format.read(row, 1, count, copy)
        return UnsafePointer(copy)
    }

    @inline(__always)
    private func load(_ folded: UnsafePointer<Double>, _ lane: Int) -> R.Terms {
        (Double.lanes(folded + lane), R.hasSecond ? Double.lanes(folded + (second &+ lane)) : .zero)
    }

    /// Folds a row into its window.
    @inline(__always)
    private func add(
        _ cells: UnsafePointer<Element>, _ weight: Double?, _ count: Int, to folded: UnsafeMutablePointer<Double>
    ) {
        @inline(__always)
        func forEachVector(_ map: (Lanes) -> Lanes) {
            var lane = 0
            while lane < count {
                let terms = R.folded(load(folded, lane), reduction.terms(map(Element.lanes(cells + lane))))
                Double.store(terms.first, folded + lane)
                if R.hasSecond { Double.store(terms.second, folded + (second &+ lane)) }
                lane &+= Self.width
            }
        }
        if let weight { forEachVector { $0 * weight } } else { forEachVector { $0 } }
    }

    /// Writes the values of a window in all planes; `alone` folds that of one plane by itself.
    @inline(__always)
    private func finish(
        _ group: Int, _ folded: UnsafePointer<Double>, _ count: Int, _ results: UnsafeMutablePointer<Element>,
        _ alone: (_ lane: Int) -> Element
    ) {
        let counts = R.Counts(repeating: groups.lists.count(ofGroup: group))
        var lane = 0
        while lane < count {
            let (value, witness) = reduction.value(load(folded, lane), counts: counts)
            Element.store(value, results + lane)
            WindowTerms(row: group, position: lane, count: min(count &- lane, Self.width))
                .forEachUnknown(witness, in: Double.self) { results[lane &+ $0] = alone(lane &+ $0) }
            lane &+= Self.width
        }
    }

    /// The value of a window in the plane that begins at `plane`.
    @inline(never)
    private func fold(
        _ group: Int, _ plane: Elements, _ scratch: WindowScratch<Element>, _ reader: WindowReader
    ) -> Element {
        let count = groups.lists.count(ofGroup: group)
        groups.lists.forEachRow(ofGroup: group, 0..<count) { index, row, _ in
            format.read(plane + row &* geometry.inputStrides[0], 1, 1, scratch.values + index)
        }
        let tile = WindowTile(
            values: UnsafePointer(scratch.values), offsets: nil, rowPitch: 1, reader: reader, laneCapacity: 1,
            firstTap: 0, tapCount: count, laneCount: 1, declaredCount: count, kernelCount: count, firstOutput: 0,
            outputStep: 0, firstChannel: 0, channelStep: 0)
        reduction.reduce(tile, scratch)
        return scratch.results[0]
    }
}
