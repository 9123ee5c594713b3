extension WindowTile where Element: PoolingElement {
    /// Windows of up to so many cells are sorted side by side, lane by lane at once.
    static var sideBySide: Int { WindowScratch<Element>.sortedRows }

    /// Sorts the taps of one lane into `scratch.order`: ascending, equal cells in window order.
    ///
    /// - Returns: the first tap that holds NaN, and then sorts nothing.
    func sortTaps(ofLane lane: Int, _ scratch: WindowScratch<Element>) -> Int? {
        if let nan = (0..<tapCount).first(where: { self[$0, lane].isNaN }) { return nan }
        var order = UnsafeMutableBufferPointer(start: scratch.order, count: tapCount)
        for tap in 0..<tapCount { order[tap] = tap }
        func isBefore(_ left: Int, _ right: Int) -> Bool {
            let (first, second) = (self[left, lane], self[right, lane])
            return first < second || (first == second && left < right)
        }
        guard tapCount > WindowScratch<Element>.tapsBetweenLooks else {
            order.sort(by: isBefore)
            return nil
        }
        var compared = 0
        try? order.sort { left, right in
            compared &+= 1
            if compared % WindowScratch<Element>.tapsBetweenLooks == 0, scratch.isStopped { throw Stopped() }
            return isBefore(left, right)
        }
        return nil
    }

    /// Calls `body` with the first lane of each vector of lanes.
    @inline(__always)
    func forEachVector(_ body: (Int) -> Void) {
        var lane = 0
        while lane < laneCount {
            body(lane)
            lane &+= Element.Vector.scalarCount
        }
    }

    /// Rows, `scratch.sortedPitch` cells apart, that hold each lane's cells in ascending order up to `place`, equal
    /// cells in window order, where no cell is NaN.
    ///
    /// Cells only change places with their neighbours, which keeps equal ones in order and all lanes in step. For
    /// ``sideBySide`` taps at most.
    @inline(__always)
    func sortedRows(upTo place: Int, _ scratch: WindowScratch<Element>) -> UnsafeMutablePointer<Element> {
        let (rows, pitch) = (scratch.sorted, scratch.sortedPitch)
        for tap in 0..<tapCount { (rows + tap &* pitch).update(from: row(tap), count: laneCount) }
        forEachVector { lane in
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
        forEachVector { lane in
            var result = Element.load(scratch.results + lane)
            for tap in (0..<tapCount).reversed() {
                let cells = Element.load(row(tap) + lane)
                guard let isNaN = Element.unordered(cells) else { return }
                result = Element.choose(isNaN, result, cells)
            }
            Element.store(result, scratch.results + lane)
        }
    }

    /// The cell at `place` of a lane's sorted window, and the one behind it, or itself where it is the last; nil where
    /// there is a NaN.
    func neighbours(
        at place: Int, ofLane lane: Int, _ scratch: WindowScratch<Element>
    ) -> (lower: Element, upper: Element)? {
        let cells = UnsafeMutableBufferPointer(start: scratch.sorted, count: tapCount)
        for tap in 0..<tapCount {
            let cell = self[tap, lane]
            if cell.isNaN { return nil }
            cells[tap] = cell
        }
        cells.partition(at: place) { tapCount > WindowScratch<Element>.tapsBetweenLooks && scratch.isStopped }
        return (cells[place], cells[(place + 1)...].min() ?? cells[place])
    }
}

/// Ends a sort that nobody waits for.
private struct Stopped: Error {}

extension UnsafeMutableBufferPointer where Element: Comparable {
    /// Moves what belongs at `place` of the sorted buffer there, nothing larger before it and nothing smaller behind
    /// (Hoare's selection; where pivots are bad again and again, what is left is sorted), or leaves it half done where
    /// `isStopped` says so.
    fileprivate func partition(at place: Int, unless isStopped: () -> Bool) {
        var (first, last) = (0, count - 1)
        var rounds = 2 * (Int.bitWidth - count.leadingZeroBitCount)
        while first < last {
            guard rounds > 0 else {
                var rest = self[first...last]
                rest.sort()
                return
            }
            rounds -= 1
            if isStopped() { return }
            let pivot = middle(self[first], self[first + (last - first) / 2], self[last])
            var (left, right) = (first, last)
            while left <= right {
                while self[left] < pivot { left += 1 }
                while pivot < self[right] { right -= 1 }
                if left <= right {
                    swapAt(left, right)
                    left += 1
                    right -= 1
                }
            }
            if place <= right {
                last = right
            } else if place >= left {
                first = left
            } else {
                return
            }
        }
    }

    private func middle(_ first: Element, _ second: Element, _ third: Element) -> Element {
        Swift.max(Swift.min(first, second), Swift.min(Swift.max(first, second), third))
    }
}
