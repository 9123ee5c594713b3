/// A reduction that folds the cells of windows, side by side or in parts: what it computes is written once, in lanes.
protocol FoldReduction: Reduction where Element: RealElement {
    /// The value of each window.
    func value(_ cells: WindowCells<Element>) -> Lanes

    /// Spreads the derivatives of each window's value.
    func spread(_ cells: WindowCells<Element>)
}

extension FoldReduction {
    @inline(__always)
    func fold(_ tile: WindowTile<Element>, _ scratch: WindowScratch<Element>) {
        tile.forEachCells(scratch) { cells in Element.store(value(cells), scratch.results + cells.lane) }
    }

    @inline(__always)
    func spreadFold(_ tile: WindowTile<Element>, _ scratch: WindowScratch<Element>) {
        tile.forEachCells(scratch) { cells in spread(cells) }
    }

    @inline(__always)
    func reduce(_ tile: WindowTile<Element>, _ scratch: WindowScratch<Element>) { fold(tile, scratch) }

    @inline(__always)
    func differentiate(_ tile: WindowTile<Element>, _ scratch: WindowScratch<Element>) { spreadFold(tile, scratch) }
}
