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
