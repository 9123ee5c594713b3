/// The lower median of each window: the element at rank ⌊(n − 1)/2⌋ of the sorted window.
///
/// A NaN is selected, and the first is named; among equal elements the first is named, as `-0` and `+0` are equal.
struct MedianOp: PoolingOp {
    static let descriptor = OpDescriptor(
        "median", gradient: .indices, supportsIntegers: true,
        summary: "the lower median", source: "torch.median", otherNames: ["medianpool", "medianfilter"])

    init(_ reader: inout FieldReader, _ context: OpContext) {}

    var weight: OpWeight { .sorting }

    var reducers: Reducers {
        Reducers(
            float: Reducer(MedianReduction<Float>(), reads: .sorts),
            double: Reducer(MedianReduction<Double>(), reads: .sorts),
            integer: { Reducer(MedianReduction<Int64>(), reads: .sorts) })
    }
}

private struct MedianReduction<Element: PoolingElement>: SelectingReduction {
    @inline(__always)
    func reduce(_ tile: WindowTile<Element>, _ scratch: WindowScratch<Element>) {
        let rank = (tile.tapCount - 1) / 2
        if tile.tapCount <= WindowTile<Element>.sideBySide {
            reduceSideBySide(tile, rank, scratch)
        } else {
            for lane in 0..<tile.laneCount { scratch.results[lane] = median(tile, lane, rank, scratch) }
        }
    }

    @inline(__always)
    private func reduceSideBySide(_ tile: WindowTile<Element>, _ rank: Int, _ scratch: WindowScratch<Element>) {
        let (rows, pitch) = (tile.sortedRows(upTo: rank, scratch), scratch.sortedPitch)
        tile.forEachVector(width: Element.Vector.scalarCount) { lane in
            let median = Element.load(rows + (rank &* pitch &+ lane))
            var first = median
            for earlier in (0..<rank).reversed() {
                let cells = Element.load(rows + (earlier &* pitch &+ lane))
                first = Element.choose(Element.isLess(cells, median), cells, first)
            }
            Element.store(first, scratch.results + lane)
        }
        tile.passOnNaN(scratch)
    }

    private func median(
        _ tile: WindowTile<Element>, _ lane: Int, _ rank: Int, _ scratch: WindowScratch<Element>
    ) -> Element {
        guard let median = tile.cell(at: rank, ofLane: lane, scratch) else {
            return (0..<tile.tapCount).lazy.map { tile[$0, lane] }.first { $0.isNaN } ?? .zero
        }
        // -0 and +0 are equal: the first of them is named.
        return median == .zero ? tile[tile.tap(number: 0, equalTo: median, ofLane: lane), lane] : median
    }

    /// The first tap whose cell is what ``reduce(_:_:)`` found.
    @inline(__always)
    func select(_ tile: WindowTile<Element>, _ scratch: WindowScratch<Element>) {
        let (medians, selected) = (scratch.results, scratch.selected)
        guard !tile.isSplit, !(0..<tile.laneCount).contains(where: { medians[$0].isNaN }) else {
            for lane in 0..<tile.laneCount { selected[lane] = tap(tile, lane, medians[lane]) }
            return
        }
        // The first tap where a stopped computation has found no median.
        selected.update(repeating: 0, count: tile.laneCount)
        for tap in (0..<tile.tapCount).reversed() {
            let row = tile.row(tap)
            for lane in 0..<tile.laneCount { selected[lane] = row[lane] == medians[lane] ? tap : selected[lane] }
        }
    }

    private func tap(_ tile: WindowTile<Element>, _ lane: Int, _ median: Element) -> Int {
        median.isNaN
            ? (0..<tile.tapCount).first { tile[$0, lane].isNaN } ?? 0
            : tile.tap(number: 0, equalTo: median, ofLane: lane)
    }

    func differentiate(_ tile: WindowTile<Element>, _ scratch: WindowScratch<Element>) {
        reduce(tile, scratch)
        select(tile, scratch)
        tile.sendToSelected(scratch)
    }
}
