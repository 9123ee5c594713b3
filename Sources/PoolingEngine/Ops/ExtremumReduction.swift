/// The cell that beats all others; the first of equals.
///
/// `-0` and `+0` are equal, so the one met first is kept. Under `propagate` a NaN wins and the last one is named; under
/// `ignore` NaN takes no part, and only NaN gives NaN and names the first.
struct ExtremumReduction<Element: PoolingElement, Order: ExtremumOrder>: SelectingReduction {
    let nan: NaNPolicy

    /// The values alone, which takes no note of where they are.
    @inline(__always)
    func reduce(_ tile: WindowTile<Element>, _ scratch: WindowScratch<Element>) {
        guard !tile.isSplit else { return select(tile, scratch) }
        switch nan {
        case .propagate: fold(tile, scratch) { Order.fold($0, $1, of: Element.self) }
        case .ignore: fold(tile, scratch) { Order.foldNumbers($0, $1, of: Element.self) }
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
                let isBeaten = Order.isBeaten(Element.load(tile.row(tap) + lane), by: best, of: Element.self)
                Element.store(
                    Element.choose(isBeaten, gradient, zeros), scratch.gradients + (tap &* tile.laneCapacity &+ lane))
                gradient = Element.choose(isBeaten, zeros, gradient)
            }
        }
    }

    /// Finding places finds values.
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
    /// The more extreme of two cells, NaN over all, the first of equals.
    static func fold<E: RowValue>(_ first: E.Vector, _ second: E.Vector, of type: E.Type) -> E.Vector
    /// As ``fold(_:_:of:)``, anything over NaN.
    static func foldNumbers<E: RowValue>(_ first: E.Vector, _ second: E.Vector, of type: E.Type) -> E.Vector
    /// Where a cell is less extreme than a number, or NaN.
    static func isBeaten<E: RowValue>(_ cell: E.Vector, by best: E.Vector, of type: E.Type) -> E.Mask
}

enum Larger: ExtremumOrder {
    @inline(__always)
    static func beats<Element: Comparable>(_ challenger: Element, _ champion: Element) -> Bool {
        challenger > champion
    }

    @inline(__always)
    static func fold<E: RowValue>(_ first: E.Vector, _ second: E.Vector, of type: E.Type) -> E.Vector {
        LargestFold<E>.fold(first, second)
    }

    @inline(__always)
    static func foldNumbers<E: RowValue>(_ first: E.Vector, _ second: E.Vector, of type: E.Type) -> E.Vector {
        LargestNumberFold<E>.fold(first, second)
    }

    @inline(__always)
    static func isBeaten<E: RowValue>(_ cell: E.Vector, by best: E.Vector, of type: E.Type) -> E.Mask {
        E.orUnordered(E.isLess(cell, best), cell)
    }
}

enum Smaller: ExtremumOrder {
    @inline(__always)
    static func beats<Element: Comparable>(_ challenger: Element, _ champion: Element) -> Bool {
        challenger < champion
    }

    @inline(__always)
    static func fold<E: RowValue>(_ first: E.Vector, _ second: E.Vector, of type: E.Type) -> E.Vector {
        SmallestFold<E>.fold(first, second)
    }

    @inline(__always)
    static func foldNumbers<E: RowValue>(_ first: E.Vector, _ second: E.Vector, of type: E.Type) -> E.Vector {
        SmallestNumberFold<E>.fold(first, second)
    }

    @inline(__always)
    static func isBeaten<E: RowValue>(_ cell: E.Vector, by best: E.Vector, of type: E.Type) -> E.Mask {
        E.orUnordered(E.isLess(best, cell), cell)
    }
}
