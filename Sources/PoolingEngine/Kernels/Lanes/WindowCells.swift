/// The cells of eight windows side by side, one in each lane, or of one window in eight parts.
///
/// A window that is folded in parts has the folded value in all lanes, so that ops need not know which it is. What a
/// lane gets depends on its window alone, never on its neighbours.
struct WindowCells<Element: RealElement> {
    let tile: WindowTile<Element>
    let scratch: WindowScratch<Element>
    /// The window in the first lane.
    let lane: Int
    /// Lanes, the first ones, whose windows were in lanes before.
    var repeatedLanes = 0

    /// Cells of each window.
    @inline(__always) var count: Int { tile.tapCount }
    @inline(__always) var isSplit: Bool { tile.isSplit }
    @inline(__always) static var width: Int { Lanes.scalarCount }
    /// Lanes that hold windows.
    @inline(__always) var laneCount: Int { min(tile.laneCount &- lane, Self.width) }

    /// Calls `body` with the cells, and where not all lanes hold one that is new, with those that do.
    @inline(__always)
    func forEach(_ body: (_ tap: Int, _ cells: Lanes, _ isIn: Lanes.Mask?) -> Void) {
        guard isSplit else {
            tile.forEachTap(scratch) { tap in body(tap, Element.lanes(tile.row(tap) + lane), nil) }
            return
        }
        let wholeCount = count & ~(Self.width - 1)
        var first = 0
        while first < wholeCount {
            let end = min(first &+ WindowScratch<Element>.tapsBetweenLooks, wholeCount)
            while first < end {
                body(first, Element.lanes(tile.values + first), nil)
                first &+= Self.width
            }
            if first < wholeCount, scratch.isStopped { return }
        }
        guard first < count else { return }
        let start = max(count &- Self.width, 0)
        body(start, Self.rest(tile.values, count), Lanes.lanes(from: first &- start, below: count &- start))
    }

    /// The last eight of `count` cells, or all of fewer.
    @inline(__always)
    private static func rest(_ cells: UnsafePointer<Element>, _ count: Int) -> Lanes {
        guard count < width else { return Element.lanes(cells + (count &- width)) }
        var rest = Lanes(repeating: cells[0].double)
        for cell in 0..<count { rest[cell] = cells[cell].double }
        return rest
    }

    /// The fold of all parts of a window, where it has parts.
    @inline(__always)
    func whole(_ folded: Lanes, _ fold: (Lanes, Lanes) -> Lanes) -> Lanes {
        isSplit ? folded.folded(fold) : folded
    }

    /// The first cell of each window.
    @inline(__always)
    var first: Lanes {
        isSplit ? Lanes(repeating: tile.values[0].double) : Element.lanes(tile.row(0) + lane)
    }

    /// Σ map(x).
    @inline(__always)
    func sum(_ map: (Lanes) -> Lanes) -> Lanes { folded(from: 0, map, +) }

    /// Two sums, and the largest of the magnitudes, NaN over all.
    @inline(__always)
    func sums(
        _ map: (Lanes) -> (first: Lanes, second: Lanes, size: Lanes)
    ) -> (first: Lanes, second: Lanes, size: Lanes) {
        var (first, second, size) = (Lanes.zero, Lanes.zero, Lanes.zero)
        forEach { _, cells, isIn in
            let mapped = map(cells)
            first += mapped.first.only(where: isIn, else: 0)
            second += mapped.second.only(where: isIn, else: 0)
            size = Lanes.larger(size, mapped.size.only(where: isIn, else: 0))
        }
        return (whole(first, +), whole(second, +), whole(size, Lanes.larger))
    }

    /// The largest of map(x), NaN over all.
    @inline(__always)
    func largest(_ map: (Lanes) -> Lanes) -> Lanes { folded(from: -.infinity, map, Lanes.larger) }

    /// Π x.
    @inline(__always)
    func product() -> Lanes { folded(from: 1, { $0 }, *) }

    /// Folds map(x), in turns into one of two numbers in each lane, so that a fold need not wait for the one before.
    @inline(__always)
    private func folded(from start: Double, _ map: (Lanes) -> Lanes, _ fold: (Lanes, Lanes) -> Lanes) -> Lanes {
        var (next, other) = (Lanes(repeating: start), Lanes(repeating: start))
        forEach { _, cells, isIn in
            (next, other) = (other, fold(next, map(cells).only(where: isIn, else: start)))
        }
        return whole(fold(next, other), fold)
    }

    /// The gradients with respect to the windows' values.
    @inline(__always)
    var incoming: Lanes {
        isSplit ? Lanes(repeating: scratch.incoming[0].double) : Element.lanes(scratch.incoming + lane)
    }

    /// Writes `derivative(x)`, times the incoming gradient, to every cell's gradient; cells that it ignores are not read.
    @inline(__always)
    func spread(_ derivative: (Lanes) -> Lanes) {
        let incoming = incoming
        forEach { tap, cells, _ in store(derivative(cells) * incoming, tap) }
    }

    /// Whether each cell's gradient is written once, so that something can be kept there until then.
    @inline(__always)
    var hasOwnGradients: Bool { !isSplit || count.isMultiple(of: Self.width) }

    /// Writes `derivative(x, kept)`, times the incoming gradient, to every cell's gradient, where `kept` was stored.
    @inline(__always)
    func spreadKept(_ derivative: (_ x: Lanes, _ kept: Lanes) -> Lanes) {
        let incoming = incoming
        forEach { tap, cells, _ in store(derivative(cells, Element.lanes(gradients(tap))) * incoming, tap) }
    }

    /// Writes `derivative(x)`, times the incoming gradient, to the gradient of the first cell of each window for which
    /// `isWanted` is true, and 0 to the others.
    @inline(__always)
    func spreadToFirst(_ isWanted: (Lanes) -> Mask, derivative: (Lanes) -> Lanes) {
        let incoming = incoming
        guard !isSplit else {
            spread { _ in .zero }
            let tap = (0..<count).first { isWanted(Lanes(repeating: tile.values[$0].double))[0] }
            guard let tap else { return }
            scratch.gradients[tap] = Element(derivative(Lanes(repeating: tile.values[tap].double))[0] * incoming[0])
            return
        }
        var isOpen = Mask(repeating: true)
        forEach { tap, cells, _ in
            let isFirst = isWanted(cells) .& isOpen
            isOpen = isOpen .& .!isFirst
            store(Lanes.zero.replacing(with: derivative(cells) * incoming, where: isFirst), tap)
        }
    }

    typealias Mask = Lanes.Mask

    /// Writes the product of the other cells, times the incoming gradient, to every cell's gradient.
    ///
    /// The products of all cells before, then times all cells after: no division, so zeros are no special case.
    @inline(__always)
    func spreadProductsOfOthers() {
        guard !isSplit else {
            var (before, after) = (scratch.incoming[0].double, 1.0)
            for tap in 0..<count {
                scratch.gradients[tap] = Element(before)
                before *= tile.values[tap].double
            }
            for tap in (0..<count).reversed() {
                scratch.gradients[tap] = Element(scratch.gradients[tap].double * after)
                after *= tile.values[tap].double
            }
            return
        }
        var (before, after) = (incoming, Lanes(repeating: 1))
        forEach { tap, cells, _ in
            store(before, tap)
            before *= cells
        }
        for tap in (0..<count).reversed() {
            store(Element.lanes(gradients(tap)) * after, tap)
            after *= Element.lanes(tile.row(tap) + lane)
        }
    }

    @inline(__always)
    private func gradients(_ tap: Int) -> UnsafeMutablePointer<Element> {
        scratch.gradients + (isSplit ? tap : tap &* tile.laneCapacity &+ lane)
    }

    @inline(__always)
    func store(_ lanes: Lanes, _ tap: Int) { Element.store(lanes, gradients(tap)) }
}

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

extension WindowTile where Element: RealElement {
    /// Calls `body` with eight windows after the other, or with the only one.
    @inline(__always)
    func forEachCells(_ scratch: WindowScratch<Element>, _ body: (WindowCells<Element>) -> Void) {
        var next = 0
        forEachVector(width: Lanes.scalarCount) { lane in
            body(WindowCells(tile: self, scratch: scratch, lane: lane, repeatedLanes: next &- lane))
            next &+= Lanes.scalarCount
        }
    }
}
