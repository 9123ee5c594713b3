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
    func least(from first: Int) -> Element {
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
    func narrowed(
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
    func partition(at index: Int, unless isStopped: () -> Bool) {
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
    var number: Int { Int(unsafeBitCast(self, to: UInt8.self)) }
}
