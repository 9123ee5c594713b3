/// The cell that beats all others; the first of equals.
///
/// `-0` and `+0` are equal, so the one met first is kept. Under `propagate` a NaN wins and the last one is named; under
/// `ignore` NaN takes no part, and only NaN gives NaN and names the first.
struct ExtremumReduction<Element: PoolingElement, Order: ExtremumOrder>: SelectingReduction {
    let nan: NaNPolicy

    @inline(__always)
    func select(_ tile: WindowTile<Element>, _ scratch: WindowScratch<Element>) {
        let best = scratch.results
        for lane in 0..<tile.laneCount {
            best[lane] = tile[0, lane]
            scratch.selected[lane] = 0
        }
        switch nan {
        case .propagate:
            challenge(tile, scratch) { best, cell in Order.beats(cell, best) || cell.isNaN }
        case .ignore:
            challenge(tile, scratch) { best, cell in Order.beats(cell, best) || (best.isNaN && !cell.isNaN) }
        }
    }

    @inline(__always)
    private func challenge(
        _ tile: WindowTile<Element>, _ scratch: WindowScratch<Element>, _ wins: (Element, Element) -> Bool
    ) {
        let best = scratch.results
        tile.forEachTap(scratch, from: 1) { tap in
            let row = tile.row(tap)
            for lane in 0..<tile.laneCount {
                let won = wins(best[lane], row[lane])
                best[lane] = won ? row[lane] : best[lane]
                scratch.selected[lane] = won ? tap : scratch.selected[lane]
            }
        }
    }
}

/// Which of two cells is the more extreme.
protocol ExtremumOrder: Sendable {
    static func beats<Element: Comparable>(_ challenger: Element, _ champion: Element) -> Bool
}

enum Larger: ExtremumOrder {
    @inline(__always)
    static func beats<Element: Comparable>(_ challenger: Element, _ champion: Element) -> Bool {
        challenger > champion
    }
}

enum Smaller: ExtremumOrder {
    @inline(__always)
    static func beats<Element: Comparable>(_ challenger: Element, _ champion: Element) -> Bool {
        challenger < champion
    }
}
