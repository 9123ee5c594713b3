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
