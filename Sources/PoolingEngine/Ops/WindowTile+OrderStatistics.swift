extension WindowTile where Element: PoolingElement {
    /// Windows of up to so many cells are sorted side by side, lane by lane at once.
    static var sideBySide: Int { WindowScratch<Element>.sortedRows }

    /// Rows, `scratch.sortedPitch` cells apart, that hold each lane's cells in ascending order up to `rank`, equal
    /// cells in window order, where no cell is NaN.
    ///
    /// Cells only change places with their neighbours, which keeps equal ones in order and all lanes in step. For
    /// ``sideBySide`` taps at most.
    @inline(__always)
    func sortedRows(upTo rank: Int, _ scratch: WindowScratch<Element>) -> UnsafeMutablePointer<Element> {
        let (rows, pitch) = (scratch.sorted, scratch.sortedPitch)
        for tap in 0..<tapCount { (rows + tap &* pitch).update(from: row(tap), count: laneCount) }
        forEachVector(width: Element.Vector.scalarCount) { lane in
            for smallest in 0...rank {
                var least = Element.load(rows + ((tapCount &- 1) &* pitch &+ lane))
                for tap in (smallest..<tapCount &- 1).reversed() {
                    let cells = rows + (tap &* pitch &+ lane)
                    let cell = Element.load(cells)
                    let swaps = Element.isLess(least, cell)
                    Element.store(Element.choose(swaps, least, cell), cells + pitch)
                    least = Element.choose(swaps, cell, least)
                }
                Element.store(least, rows + (smallest &* pitch &+ lane))
            }
        }
        return rows
    }

    /// The cells of a vector of lanes at one index of sorted rows, to be found in the order of the window.
    ///
    /// - Parameter rows: from ``sortedRows(upTo:_:)``, at the first of the lanes.
    @inline(__always)
    func equal(
        at index: Int, in rows: UnsafePointer<Element>, _ scratch: WindowScratch<Element>
    ) -> EqualCell<Element> where Element: RealElement {
        let cell = Element.load(rows + index &* scratch.sortedPitch)
        var before = Element.Vector(repeating: 0)
        for earlier in 0..<index {
            let isOther = Element.differ(cell, Element.load(rows + earlier &* scratch.sortedPitch))
            before = Element.choose(isOther, Element.sum(before, Element.Vector(repeating: 1)), before)
        }
        return EqualCell(cell: cell, before: before)
    }

    /// The lanes from `lane` on that have a NaN.
    @inline(__always)
    func hasNaN(_ lane: Int) -> Element.Mask {
        let first = Element.load(row(0) + lane)
        return (0..<tapCount).reduce(Element.isLess(first, first)) { mask, tap in
            Element.orUnordered(mask, Element.load(row(tap) + lane))
        }
    }

    /// Writes the first NaN of each lane that has one to `scratch.results`.
    @inline(__always)
    func passOnNaN(_ scratch: WindowScratch<Element>) {
        forEachVector(width: Element.Vector.scalarCount) { lane in
            var result = Element.load(scratch.results + lane)
            for tap in (0..<tapCount).reversed() {
                let cells = Element.load(row(tap) + lane)
                guard let isNaN = Element.unordered(cells) else { return }
                result = Element.choose(isNaN, result, cells)
            }
            Element.store(result, scratch.results + lane)
        }
    }

    /// The cell at `rank` of a lane's sorted window; nil where there is a NaN.
    ///
    /// Of equal cells it may be any: -0 and +0 are equal.
    @inline(__always)
    func cell(at rank: Int, ofLane lane: Int, _ scratch: WindowScratch<Element>) -> Element? {
        candidates(for: rank, rank, ofLane: lane, scratch).map { $0.cells[rank &- $0.smaller] }
    }

    /// Cells of a lane in `scratch.sorted`, those at ranks `lower` and `upper` of the sorted window among them, parted
    /// at `lower`, and how many smaller cells are not among them; nil where there is a NaN.
    @inline(__always)
    private func candidates(
        for lower: Int, _ upper: Int, ofLane lane: Int, _ scratch: WindowScratch<Element>
    ) -> (cells: UnsafeMutableBufferPointer<Element>, smaller: Int)? {
        let room = UnsafeMutableBufferPointer(start: scratch.sorted, count: tapCount)
        forEachTap(scratch) { tap in room[tap] = self[tap, lane] }
        if room.hasNaN { return nil }
        let isStopped = { tapCount > WindowScratch<Element>.tapsBetweenLooks && scratch.isStopped }
        let (cells, smaller) = room.narrowed(to: lower, upper, unless: isStopped)
        cells.partition(at: lower &- smaller, unless: isStopped)
        return (cells, smaller)
    }

    /// The taps at two neighbouring ranks of a lane's sorted window, equal cells in window order; nil where there is a
    /// NaN.
    @inline(__always)
    func taps(
        at lower: Int, _ upper: Int, ofLane lane: Int, _ scratch: WindowScratch<Element>
    ) -> (lower: Int, upper: Int)? {
        guard let (cells, smaller) = candidates(for: lower, upper, ofLane: lane, scratch) else { return nil }
        let index = lower &- smaller
        let cell = cells[index]
        // Nothing before it is larger, so that all but its equals are smaller.
        var equals = 0
        for earlier in 0..<index where cells[earlier] == cell { equals &+= 1 }
        let first = tap(number: equals, equalTo: cell, ofLane: lane)
        guard upper > lower else { return (first, first) }
        let next = cells.least(from: index &+ 1)
        let isEqual = next == cell
        return (first, tap(number: isEqual ? equals &+ 1 : 0, equalTo: next, ofLane: lane))
    }

    /// The cells at two neighbouring ranks of a lane's sorted window; nil where there is a NaN.
    @inline(__always)
    func cells(
        at lower: Int, _ upper: Int, ofLane lane: Int, _ scratch: WindowScratch<Element>
    ) -> (lower: Element, upper: Element)? {
        candidates(for: lower, upper, ofLane: lane, scratch).map { cells, smaller in
            let index = lower &- smaller
            return (cells[index], upper > lower ? cells.least(from: index &+ 1) : cells[index])
        }
    }

    /// The tap of a lane's cell that equals `cell` and has `number` equals before it.
    @inline(__always)
    func tap(number: Int, equalTo cell: Element, ofLane lane: Int) -> Int {
        var (tap, left) = (0, number)
        while tap < tapCount {
            if self[tap, lane] == cell {
                if left == 0 { return tap }
                left &-= 1
            }
            tap &+= 1
        }
        // Only where the computation was stopped before the cell was found.
        return 0
    }
}

extension RowValue {
    /// The lanes whose numbers differ; none where one is unordered.
    @inline(__always)
    static func differ(_ first: Vector, _ second: Vector) -> Mask {
        either(isLess(first, second), isLess(second, first))
    }
}

extension UnsafeMutableBufferPointer where Element: PoolingElement {
    /// Looks at all elements, which is faster than to decide at each.
    @inline(__always)
    fileprivate var hasNaN: Bool { reduce(0) { $0 | $1.isNaN.number } != 0 }
}
