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

    /// The flat output positions of the windows.
    @inline(__always)
    var outputs: SIMD8<UInt64> {
        let lanes: SIMD8<UInt64> = [0, 1, 2, 3, 4, 5, 6, 7]
        let first = UInt64(truncatingIfNeeded: tile.output(ofLane: lane))
        return lanes &* UInt64(truncatingIfNeeded: tile.outputStep) &+ first
    }

    /// The cells of a tap, or of eight from there on.
    @inline(__always)
    subscript(tap: Int) -> Lanes {
        Element.lanes(isSplit ? tile.values + tap : tile.row(tap) + lane)
    }

    /// Calls `body` with the cells, and where not all lanes hold one that is new, with those that do.
    @inline(__always)
    func forEach(from start: Int = 0, _ body: (_ tap: Int, _ cells: Lanes, _ isIn: Lanes.Mask?) -> Void) {
        guard isSplit else {
            tile.forEachTap(scratch, from: start) { tap in body(tap, Element.lanes(tile.row(tap) + lane), nil) }
            return
        }
        let wholeCount = count & ~(Self.width - 1)
        let goesOn = forEachStep(from: start, to: wholeCount, by: Self.width) { body($0, self[$0], nil) }
        guard goesOn, wholeCount < count else { return }
        let first = max(count &- Self.width, 0)
        body(first, Self.rest(tile.values, count), Lanes.lanes(from: wholeCount &- first, below: count &- first))
    }

    /// Calls `body` with taps and their cells, four at a time as far as that goes.
    @inline(__always)
    private func forEachFour(
        _ body: (_ tap: Int, _ step: Int, _ first: Lanes, _ second: Lanes, _ third: Lanes, _ fourth: Lanes) -> Void,
        rest: (_ tap: Int, _ cells: Lanes, _ isIn: Lanes.Mask?) -> Void
    ) {
        let end = count & ~(4 &* (isSplit ? Self.width : 1) &- 1)
        let goesOn: Bool
        // Loops of their own, with nothing to be decided.
        if isSplit {
            let (cells, step) = (tile.values, Self.width)
            goesOn = forEachStep(from: 0, to: end, by: 4 &* step) { tap in
                let first = cells + tap
                body(
                    tap, step, Element.lanes(first), Element.lanes(first + step), Element.lanes(first + 2 &* step),
                    Element.lanes(first + 3 &* step))
            }
        } else {
            goesOn = forEachStep(from: 0, to: end, by: 4) { tap in
                body(tap, 1, self[tap], self[tap &+ 1], self[tap &+ 2], self[tap &+ 3])
            }
        }
        if goesOn { forEach(from: end, rest) }
    }

    /// Calls `body` with every `step`th tap, unless the computation should stop.
    ///
    /// - Returns: whether it should not.
    @inline(__always)
    private func forEachStep(from start: Int, to end: Int, by step: Int, _ body: (_ tap: Int) -> Void) -> Bool {
        var tap = start
        while tap < end {
            let pause = min(tap &+ WindowScratch<Element>.tapsBetweenLooks, end)
            while tap < pause {
                body(tap)
                tap &+= step
            }
            if tap < end, scratch.isStopped { return false }
        }
        return true
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
    func sum(_ map: (Lanes) -> Lanes) -> Lanes { sumByTap { map($1) } }

    /// Σ map(tap, x); where windows are folded in parts, the tap is the first of eight.
    @inline(__always)
    func sumByTap(_ map: (_ tap: Int, _ x: Lanes) -> Lanes) -> Lanes { folded(from: 0, map, Lanes.sum) }

    /// The largest of map(x), NaN over all.
    @inline(__always)
    func largest(_ map: (Lanes) -> Lanes) -> Lanes { folded(from: -.infinity, { map($1) }, Lanes.larger) }

    /// Π x.
    @inline(__always)
    func product() -> Lanes { folded(from: 1, { $1 }, Lanes.product) }

    /// Folds map(x): four with each other before with those before, for which they then need not wait.
    @inline(__always)
    func folded(
        from start: Double, _ map: (_ tap: Int, _ x: Lanes) -> Lanes, _ fold: (Lanes, Lanes) -> Lanes
    ) -> Lanes {
        var folded = Lanes(repeating: start)
        forEachFour { tap, step, first, second, third, fourth in
            let two = fold(map(tap, first), map(tap &+ step, second))
            let others = fold(map(tap &+ 2 &* step, third), map(tap &+ 3 &* step, fourth))
            folded = fold(folded, fold(two, others))
        } rest: { tap, cells, isIn in
            folded = fold(folded, map(tap, cells).only(where: isIn, else: start))
        }
        return whole(folded, fold)
    }

    /// Σ x, and the largest x, which is undefined where the sum is NaN.
    @inline(__always)
    func sumAndLargest() -> (sum: Lanes, largest: Lanes) {
        var (sum, largest) = (Lanes.zero, Lanes(repeating: -.infinity))
        forEachFour { _, _, first, second, third, fourth in
            sum = Lanes.sum(sum, Lanes.sum(Lanes.sum(first, second), Lanes.sum(third, fourth)))
            let two = Lanes.largerNumber(first, second)
            largest = Lanes.largerNumber(largest, Lanes.largerNumber(two, Lanes.largerNumber(third, fourth)))
        } rest: { _, cells, isIn in
            sum += cells.only(where: isIn, else: 0)
            largest = Lanes.largerNumber(largest, cells.only(where: isIn, else: -.infinity))
        }
        return (whole(sum, +), whole(largest, Lanes.largerNumber))
    }
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
