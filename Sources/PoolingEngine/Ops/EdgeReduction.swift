/// The only cell of windows that are cut down to it.
struct EdgeReduction<Element: PoolingElement>: SelectingReduction {
    @inline(__always)
    func select(_ tile: WindowTile<Element>, _ scratch: WindowScratch<Element>) {
        for lane in 0..<tile.laneCount { scratch.selected[lane] = 0 }
    }
}

extension Reducers {
    /// The first or the last cell.
    static func edge(isLast: Bool) -> Reducers {
        let reads = CellAccess.edge(isLast: isLast)
        return Reducers(
            float: Reducer(EdgeReduction<Float>(), reads: reads),
            double: Reducer(EdgeReduction<Double>(), reads: reads),
            integer: { Reducer(EdgeReduction<Int64>(), reads: reads) })
    }
}
