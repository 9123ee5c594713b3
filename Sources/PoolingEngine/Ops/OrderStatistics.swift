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

/// A cell of each lane, and how many of its equals are met before it.
struct EqualCell<Element: RealElement> {
    let cell: Element.Vector
    var before: Element.Vector

    /// Whether these cells, of the next tap, are others.
    @inline(__always)
    mutating func misses(_ cells: Element.Vector) -> Element.Mask {
        let isOther = Element.differ(cells, cell)
        let misses = Element.either(isOther, Element.differ(before, Element.Vector(repeating: 0)))
        before = Element.choose(isOther, Element.sum(before, Element.Vector(repeating: -1)), before)
        return misses
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

extension UnsafeMutableBufferPointer where Element: Comparable {
    /// Fewer elements are sorted by insertion.
    private static var fewest: Int { 12 }
    /// Fewer elements are not narrowed, by a sample of so many.
    private static var fewestNarrowed: Int { 512 }
    private static var sampleCount: Int { 128 }
    /// From the rank of an element in the sorted sample, as it is expected, to where it is nearly always.
    private static var sampleMargin: Int { 14 }

    /// The smallest element from `first` on, of which there is one.
    @inline(__always)
    fileprivate func least(from first: Int) -> Element {
        var least = self[first]
        for index in first..<count where self[index] < least { least = self[index] }
        return least
    }

    /// The elements between two of a sample, again and again, where those that belong at two neighbouring ranks of the
    /// sorted buffer are among them; and how many smaller ones were left out.
    ///
    /// A pass moves a fifth of the elements and decides without branches. Where the sample says little, as where many
    /// elements are equal, all stay.
    @inline(__always)
    fileprivate func narrowed(
        to lower: Int, _ upper: Int, unless isStopped: () -> Bool
    ) -> (elements: Self, smaller: Int) {
        var (elements, smaller) = (self, 0)
        while elements.count >= Self.fewestNarrowed, !isStopped() {
            let (low, high) = elements.sampled(around: lower &- smaller)
            var (below, within) = (0, 0)
            for element in elements {
                below &+= (element < low).number
                within &+= (element >= low).number & (element <= high).number
            }
            let isFound = smaller &+ below <= lower && upper < smaller &+ below &+ within
            guard isFound, within <= elements.count / 2 else { break }
            var next = 0
            for position in elements.indices {
                let element = elements[position]
                elements[next] = element
                next &+= (element >= low).number & (element <= high).number
            }
            (elements, smaller) = (Self(rebasing: elements[..<within]), smaller &+ below)
        }
        return (elements, smaller)
    }

    /// Two elements between which the one at `rank` of the sorted buffer is, as a sample has it.
    @inline(__always)
    private func sampled(around rank: Int) -> (low: Element, high: Element) {
        withUnsafeTemporaryAllocation(of: Element.self, capacity: Self.sampleCount) { sample in
            for number in sample.indices { sample[number] = self[number &* count / Self.sampleCount] }
            let middle = rank &* Self.sampleCount / count
            let low = Swift.max(middle &- Self.sampleMargin, 0)
            let high = Swift.min(middle &+ Self.sampleMargin, Self.sampleCount &- 1)
            sample.partition(at: low) { false }
            let rest = Self(rebasing: sample[low...])
            rest.partition(at: high &- low) { false }
            return (sample[low], sample[high])
        }
    }

    /// Moves the element that belongs at `index` of the sorted buffer there, nothing larger before it and nothing
    /// smaller behind, or leaves that half done where `isStopped` says so.
    ///
    /// Selection by pivots, moved without branches, since comparisons with a pivot are as good as random; where pivots are
    /// bad again and again, the rest is sorted.
    @inline(__always)
    fileprivate func partition(at index: Int, unless isStopped: () -> Bool) {
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
            if index < equals {
                end = equals
                continue
            }
            let larger = moveForward(equals..<end) { $0 == pivot }
            if index < larger { return }
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
            next &+= goesFirst(element).number
        }
        return next
    }

    /// The middle of three middles of three, spread over the range.
    @inline(__always)
    private func pivot(_ range: Range<Int>) -> Element {
        let (first, step) = (range.lowerBound, (range.count - 1) / 8)
        func middle(_ number: Int) -> Element {
            let index = first + number * step
            return middleOf(self[index], self[index + step], self[index + 2 * step])
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
            var slot = position
            while slot > range.lowerBound, element < self[slot - 1] {
                self[slot] = self[slot - 1]
                slot -= 1
            }
            self[slot] = element
        }
    }
}

extension Bool {
    /// 1 or 0, by which the processor goes on at once; of `?` the compiler makes a branch, which is often mispredicted.
    @inline(__always)
    fileprivate var number: Int { Int(unsafeBitCast(self, to: UInt8.self)) }
}
