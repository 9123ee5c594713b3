/// The lower median of each window: the element at place ⌊(n − 1)/2⌋ of the sorted window.
///
/// A NaN wins, and the first is named; among equal elements the first is named, as `-0` and `+0` are equal.
struct MedianOp: PoolingOp {
    static let descriptor = OpDescriptor(
        "median", gradient: .mask, supportsIntegers: true,
        summary: "the lower median", source: "torch.median")

    init(_ reader: inout FieldReader, _ context: OpContext) {}

    var reducers: Reducers {
        Reducers(
            float: Reducer(MedianReduction<Float>()), double: Reducer(MedianReduction<Double>()),
            integer: { Reducer(MedianReduction<Int64>()) })
    }
}

private struct MedianReduction<Element: PoolingElement>: SelectingReduction {
    func select(_ tile: WindowTile<Element>, _ scratch: WindowScratch<Element>) {
        for lane in 0..<tile.laneCount {
            scratch.selected[lane] = tile.sortTaps(ofLane: lane, scratch) ?? firstMedian(tile, lane, scratch)
        }
    }

    /// The first tap whose cell equals the median.
    private func firstMedian(_ tile: WindowTile<Element>, _ lane: Int, _ scratch: WindowScratch<Element>) -> Int {
        var place = (tile.tapCount - 1) / 2
        let median = tile[scratch.order[place], lane]
        while place > 0, tile[scratch.order[place - 1], lane] == median { place -= 1 }
        return scratch.order[place]
    }
}
