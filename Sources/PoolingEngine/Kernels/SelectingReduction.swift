/// A reduction that names one cell of each window, so that indices can be recorded.
protocol SelectingReduction: Reduction {
    /// Writes the tap that each lane selects to `scratch.selected`, or -1 for none.
    ///
    /// Where ``reduce(_:_:)`` is the op's own, it has been called for the same tile, and its values are in
    /// `scratch.results`.
    func select(_ tile: WindowTile<Element>, _ scratch: WindowScratch<Element>)

    /// What ``reduce(_:_:)`` and ``select(_:_:)`` write.
    func reduceSelecting(_ tile: WindowTile<Element>, _ scratch: WindowScratch<Element>)

    /// The part of the gradient that goes to the selected cell; the rest is spread evenly over the window.
    var selectedShare: Double { get }
}

extension SelectingReduction {
    var selectedShare: Double { 1 }

    @inline(__always)
    func reduceSelecting(_ tile: WindowTile<Element>, _ scratch: WindowScratch<Element>) {
        reduce(tile, scratch)
        select(tile, scratch)
    }

    /// The value of a window is that of its selected cell, or 0 where none is selected.
    @inline(__always)
    func reduce(_ tile: WindowTile<Element>, _ scratch: WindowScratch<Element>) {
        select(tile, scratch)
        for lane in 0..<tile.laneCount {
            let tap = scratch.selected[lane]
            scratch.results[lane] = tap < 0 ? .zero : tile[tap, lane]
        }
    }

    /// The whole gradient goes to the selected cell: ties are never split.
    @inline(__always)
    func differentiate(_ tile: WindowTile<Element>, _ scratch: WindowScratch<Element>) {
        select(tile, scratch)
        tile.sendToSelected(scratch)
    }
}
