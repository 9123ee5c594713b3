/// The only cell of windows that are cut down to it.
struct EdgeReduction<Element: PoolingElement>: SelectingReduction {
    @inline(__always)
    func select(_ tile: WindowTile<Element>, _ scratch: WindowScratch<Element>) {
        for lane in 0..<tile.laneCount { scratch.selected[lane] = 0 }
    }
}

/// An op that keeps the first or the last cell of each window.
protocol EdgeOp: PoolingOp {
    static var isLast: Bool { get }
}

extension EdgeOp {
    static var readsEdges: Bool { true }

    var reducers: Reducers {
        let reads = CellAccess.edge(isLast: Self.isLast)
        return Reducers(
            float: Reducer(EdgeReduction<Float>(), reads: reads),
            double: Reducer(EdgeReduction<Double>(), reads: reads),
            integer: { Reducer(EdgeReduction<Int64>(), reads: reads) })
    }
}
