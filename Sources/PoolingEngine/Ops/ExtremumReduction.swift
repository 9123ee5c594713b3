/// The cell that beats all others; the first of equals.
///
/// `-0` and `+0` are equal, so the one met first is kept. Under `propagate` a NaN is selected and the last one is named; under
/// `ignore` NaN takes no part, and only NaN gives NaN and names the first.
struct ExtremumReduction<Element: PoolingElement, Order: ExtremumOrder>: SelectingReduction {
    let nan: NaNPolicy

    /// The values alone, without their indices.
    @inline(__always)
    func reduce(_ tile: WindowTile<Element>, _ scratch: WindowScratch<Element>) {
        guard !tile.isSplit else { return select(tile, scratch) }
        switch nan {
        case .propagate: fold(tile, scratch) { ExtremumFold<Element, Order>.fold($0, $1) }
        case .ignore: fold(tile, scratch) { ExtremumNumberFold<Element, Order>.fold($0, $1) }
        }
    }

    /// The whole gradient goes to the selected cell: ties are never split.
    @inline(__always)
    func differentiate(_ tile: WindowTile<Element>, _ scratch: WindowScratch<Element>) {
        reduce(tile, scratch)
        let hasNaN = (0..<tile.laneCount).contains { scratch.results[$0].isNaN }
        guard !tile.isSplit, !hasNaN else {
            select(tile, scratch)
            return tile.sendToSelected(scratch)
        }
        let zeros = Element.Vector(repeating: .zero)
        tile.forEachVector(width: Element.Vector.scalarCount) { lane in
            let best = Element.load(scratch.results + lane)
            // Goes to the first cell that is not beaten.
            var gradient = Element.load(scratch.incoming + lane)
            tile.forEachTap(scratch) { tap in
                let cell = Element.load(tile.row(tap) + lane)
                let isBeaten = Element.orUnordered(Order.isBeaten(cell, by: best, of: Element.self), cell)
                Element.store(
                    Element.choose(isBeaten, gradient, zeros), scratch.gradients + (tap &* tile.laneCapacity &+ lane))
                gradient = Element.choose(isBeaten, zeros, gradient)
            }
        }
    }

    /// Selecting a cell finds its value.
    @inline(__always)
    func reduceSelecting(_ tile: WindowTile<Element>, _ scratch: WindowScratch<Element>) { select(tile, scratch) }

    @inline(__always)
    private func fold(
        _ tile: WindowTile<Element>, _ scratch: WindowScratch<Element>,
        _ fold: (Element.Vector, Element.Vector) -> Element.Vector
    ) {
        tile.forEachVector(width: Element.Vector.scalarCount) { lane in
            var best = Element.load(tile.row(0) + lane)
            tile.forEachTap(scratch, from: 1) { tap in best = fold(best, Element.load(tile.row(tap) + lane)) }
            Element.store(best, scratch.results + lane)
        }
    }

    @inline(__always)
    func select(_ tile: WindowTile<Element>, _ scratch: WindowScratch<Element>) {
        let best = scratch.results
        for lane in 0..<tile.laneCount {
            best[lane] = tile[0, lane]
            scratch.selected[lane] = 0
        }
        switch nan {
        case .propagate: compare(tile, scratch) { Order.selects($1, over: $0, .propagate) }
        case .ignore: compare(tile, scratch) { Order.selects($1, over: $0, .ignore) }
        }
    }

    @inline(__always)
    private func compare(
        _ tile: WindowTile<Element>, _ scratch: WindowScratch<Element>,
        _ selects: (_ best: Element, _ cell: Element) -> Bool
    ) {
        let best = scratch.results
        tile.forEachTap(scratch, from: 1) { tap in
            let row = tile.row(tap)
            for lane in 0..<tile.laneCount {
                let isSelected = selects(best[lane], row[lane])
                best[lane] = isSelected ? row[lane] : best[lane]
                scratch.selected[lane] = isSelected ? tap : scratch.selected[lane]
            }
        }
    }
}
