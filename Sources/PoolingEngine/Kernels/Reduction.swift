/// How the values of a window become one value, and where its gradient goes.
///
/// A reduction knows no positions: it sees the cells of windows in row-major order. It handles all lanes of a tile in
/// one call, so that its inner loops run across windows and vectorise without changing the order of folding in any.
protocol Reduction: Sendable {
    associatedtype Element: PoolingElement

    /// Writes the value of each lane's window to `scratch.results`. `tile.tapCount` is at least 1.
    func reduce(_ tile: WindowTile<Element>, _ scratch: WindowScratch<Element>)

    /// Writes to each cell of `scratch.gradients` the derivative of its lane's value, times `scratch.incoming`.
    func differentiate(_ tile: WindowTile<Element>, _ scratch: WindowScratch<Element>)
}

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

extension WindowTile where Element: PoolingElement {
    /// Writes each lane's incoming gradient to the gradient of its selected cell, and 0 to the others.
    @inline(__always)
    func sendToSelected(_ scratch: WindowScratch<Element>) {
        scratch.gradients.update(repeating: .zero, count: tapCount &* laneCapacity)
        for lane in 0..<laneCount where scratch.selected[lane] >= 0 {
            scratch.gradients[scratch.selected[lane] &* laneCapacity &+ lane] = scratch.incoming[lane]
        }
    }
}
