extension WindowTile where Element: PoolingElement {
    /// Windows of up to so many cells are sorted side by side, lane by lane at once.
    static var sideBySide: Int { WindowScratch<Element>.sortedRows }

    /// Rows, `scratch.sortedPitch` cells apart, that hold each lane's cells in ascending order up to `place`, equal
    /// cells in window order, where no cell is NaN.
    ///
    /// Cells only change places with their neighbours, which keeps equal ones in order and all lanes in step. For
    /// ``sideBySide`` taps at most.
    @inline(__always)
    func sortedRows(upTo place: Int, _ scratch: WindowScratch<Element>) -> UnsafeMutablePointer<Element> {
        let (rows, pitch) = (scratch.sorted, scratch.sortedPitch)
        for tap in 0..<tapCount { (rows + tap &* pitch).update(from: row(tap), count: laneCount) }
        forEachVector(width: Element.Vector.scalarCount) { lane in
            for smallest in 0...place {
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

    /// The cell at `place` of a lane's sorted window; nil where there is a NaN.
    ///
    /// Of equal cells it may be any: -0 and +0 are equal.
    @inline(__always)
    func cell(at place: Int, ofLane lane: Int, _ scratch: WindowScratch<Element>) -> Element? {
        let cells = scratch.sorted
        var hasNaN = false
        for tap in 0..<tapCount {
            let cell = self[tap, lane]
            hasNaN = hasNaN || cell.isNaN
            cells[tap] = cell
        }
        if hasNaN { return nil }
        UnsafeMutableBufferPointer(start: cells, count: tapCount)
            .partition(at: place) { tapCount > WindowScratch<Element>.tapsBetweenLooks && scratch.isStopped }
        return cells[place]
    }

    /// The taps at two neighbouring places of a lane's sorted window, equal cells in window order; nil where there is a
    /// NaN.
    @inline(__always)
    func taps(
        at lower: Int, _ upper: Int, ofLane lane: Int, _ scratch: WindowScratch<Element>
    ) -> (lower: Int, upper: Int)? {
        guard let cell = cell(at: lower, ofLane: lane, scratch) else { return nil }
        let cells = scratch.sorted
        // Nothing before the place is larger, so that all but its equals are smaller.
        var equals = 0
        for earlier in 0..<lower where cells[earlier] == cell { equals &+= 1 }
        let first = tap(number: equals, equalTo: cell, ofLane: lane)
        guard upper > lower else { return (first, first) }
        var next = cells[upper]
        for later in upper..<tapCount where cells[later] < next { next = cells[later] }
        let isEqual = next == cell
        return (first, tap(number: isEqual ? equals &+ 1 : 0, equalTo: next, ofLane: lane))
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
        // Only where the computation was stopped before the places were found.
        return 0
    }
}

extension UnsafeMutableBufferPointer where Element: Comparable {
    /// Fewer elements are sorted by insertion.
    private static var fewest: Int { 12 }

    /// Moves the element that belongs at `place` of the sorted buffer there, nothing larger before it and nothing smaller
    /// behind, or leaves that half done where `isStopped` says so.
    ///
    /// Selection by pivots, moved without branches, since comparisons with a pivot are as good as random; where pivots are
    /// bad again and again, the rest is sorted.
    @inline(__always)
    fileprivate func partition(at place: Int, unless isStopped: () -> Bool) {
        var (first, end) = (0, count)
        var rounds = 3 * (Int.bitWidth - count.leadingZeroBitCount)
        while end - first > Self.fewest {
            guard rounds > 0 else {
                var rest = self[first..<end]
                rest.sort()
                return
            }
            rounds -= 1
            if isStopped() { return }
            let pivot = pivot(first..<end)
            let equals = moveForward(first..<end) { $0 < pivot }
            if place < equals {
                end = equals
                continue
            }
            let larger = moveForward(equals..<end) { $0 == pivot }
            if place < larger { return }
            first = larger
        }
        sortByInsertion(first..<end)
    }

    /// Moves the elements that `goesFirst` accepts to the front.
    ///
    /// - Returns: where the others begin.
    @inline(__always)
    private func moveForward(_ range: Range<Int>, _ goesFirst: (Element) -> Bool) -> Int {
        var next = range.lowerBound
        for position in range {
            let element = self[position]
            self[position] = self[next]
            self[next] = element
            next &+= goesFirst(element) ? 1 : 0
        }
        return next
    }

    /// The middle of three middles of three, spread over the range.
    @inline(__always)
    private func pivot(_ range: Range<Int>) -> Element {
        let (first, step) = (range.lowerBound, (range.count - 1) / 8)
        func middle(_ number: Int) -> Element {
            let place = first + number * step
            return middleOf(self[place], self[place + step], self[place + 2 * step])
        }
        return middleOf(middle(0), middle(3), middle(6))
    }

    @inline(__always)
    private func middleOf(_ first: Element, _ second: Element, _ third: Element) -> Element {
        Swift.max(Swift.min(first, second), Swift.min(Swift.max(first, second), third))
    }

    @inline(__always)
    private func sortByInsertion(_ range: Range<Int>) {
        for position in range.dropFirst() {
            let element = self[position]
            var place = position
            while place > range.lowerBound, element < self[place - 1] {
                self[place] = self[place - 1]
                place -= 1
            }
            self[place] = element
        }
    }
}
