extension WindowTile where Element: RealElement {
    /// The sum of each lane's cells, in `Double`, in accumulator `row`.
    @inline(__always)
    func sums(_ scratch: WindowScratch<Element>, row: Int = 0) -> UnsafeMutablePointer<Double> {
        let sums = scratch.accumulator(row)
        forEachTap(scratch) { tap in
            let cells = self.row(tap)
            for lane in 0..<laneCount { sums[lane] += cells[lane].double }
        }
        return sums
    }

    /// The largest cell of each lane in `Double`, NaN where there is one, in accumulator `row`.
    @inline(__always)
    func largest(
        _ scratch: WindowScratch<Element>, row: Int, of transform: (Double) -> Double
    ) -> UnsafeMutablePointer<Double> {
        let largest = scratch.accumulator(row, startingAt: -.infinity)
        forEachTap(scratch) { tap in
            let cells = self.row(tap)
            for lane in 0..<laneCount {
                let cell = transform(cells[lane].double)
                largest[lane] = cell > largest[lane] || cell.isNaN ? cell : largest[lane]
            }
        }
        return largest
    }

    /// Writes `derivative(lane, cell)`, times the incoming gradient, to every cell's gradient.
    @inline(__always)
    func spread(_ scratch: WindowScratch<Element>, _ derivative: (_ lane: Int, _ cell: Double) -> Double) {
        forEachTap(scratch) { tap in
            let cells = row(tap)
            let gradients = scratch.gradients + tap &* laneCapacity
            for lane in 0..<laneCount {
                gradients[lane] = Element(derivative(lane, cells[lane].double) * scratch.incoming[lane].double)
            }
        }
    }

    /// Writes the same share of the incoming gradient to every cell's gradient, without looking at the cells.
    @inline(__always)
    func spreadEvenly(_ scratch: WindowScratch<Element>, share: Double) {
        forEachTap(scratch) { tap in
            let gradients = scratch.gradients + tap &* laneCapacity
            for lane in 0..<laneCount { gradients[lane] = Element(scratch.incoming[lane].double * share) }
        }
    }
}

extension WindowTile where Element == Int64 {
    /// The exact sum of a lane's cells: 2^63 of them would be needed to overflow.
    @inline(__always)
    func exactSum(ofLane lane: Int) -> Int128 {
        var sum: Int128 = 0
        for tap in 0..<tapCount { sum += Int128(self[tap, lane]) }
        return sum
    }

    /// Writes an exact result, or reports that the type cannot hold it.
    @inline(__always)
    func store(_ exact: Int128, _ lane: Int, _ scratch: WindowScratch<Element>) {
        if let result = Int64(exactly: exact) {
            scratch.results[lane] = result
        } else {
            scratch.results[lane] = 0
            scratch.report(.integerOverflow, output: output(ofLane: lane))
        }
    }
}
