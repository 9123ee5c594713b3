/// The cell at one end of each window, in row-major order.
struct EdgeReduction<Element: PoolingElement>: SelectingReduction {
    let isLast: Bool

    @inline(__always)
    func select(_ tile: WindowTile<Element>, _ scratch: WindowScratch<Element>) {
        let tap = isLast ? tile.tapCount - 1 : 0
        for lane in 0..<tile.laneCount { scratch.selected[lane] = tap }
    }
}

extension Reducers {
    /// The first or the last cell.
    static func edge(isLast: Bool) -> Reducers {
        Reducers(
            float: Reducer(EdgeReduction<Float>(isLast: isLast)),
            double: Reducer(EdgeReduction<Double>(isLast: isLast)),
            integer: { Reducer(EdgeReduction<Int64>(isLast: isLast)) })
    }
}
