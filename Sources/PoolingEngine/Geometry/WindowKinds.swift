/// The windows along one axis in the kinds that the cells of a kernel tell apart: where a cell begins or ends to read
/// something, a new kind begins.
struct WindowKinds {
    /// The first window of each kind, and the end of the last.
    let starts: [Int]
    /// For each position along the kernel, the kinds for which it reads something.
    let reading: [Range<Int>]

    var count: Int { starts.count - 1 }

    /// Bytes per position along the kernel, at most.
    static let byteCountPerPosition = 2 * MemoryLayout<Int>.stride + MemoryLayout<Range<Int>>.stride

    init(_ axis: SlidingAxis, _ cancellation: Cancellation?) throws(PoolingError) {
        var starts: [Int] = []
        starts.reserveCapacity(2 * axis.kernel + 2)
        var ranges: [Range<Int>] = []
        ranges.reserveCapacity(axis.kernel)
        // Later positions begin and end to read with earlier windows: both ends are in descending order.
        var (lower, upper) = (axis.kernel - 1, axis.kernel - 1)
        func next(_ position: inout Int, _ end: (Range<Int>) -> Int) -> Int? {
            while position >= 0 {
                let windows = axis.windows(readingWith: position)
                if !windows.isEmpty { return end(windows) }
                position -= 1
            }
            return nil
        }
        starts.append(0)
        for step in 0..<2 * axis.kernel {
            try cancellation?.checkpoint(at: step)
            let (first, end) = (next(&lower, \.lowerBound), next(&upper, \.upperBound))
            guard let least = [first, end].compactMap({ $0 }).min() else { break }
            if first == least { lower -= 1 } else { upper -= 1 }
            if let last = starts.last, least > last { starts.append(least) }
        }
        if let last = starts.last, axis.output > last { starts.append(axis.output) }
        for position in 0..<axis.kernel {
            try cancellation?.checkpoint(at: position)
            let windows = axis.windows(readingWith: position)
            let first = starts.firstIndex(notBelow: windows.lowerBound)
            ranges.append(windows.isEmpty ? 0..<0 : first..<starts.firstIndex(notBelow: windows.upperBound))
        }
        (self.starts, reading) = (starts, ranges)
    }
}

extension [Int] {
    /// Of ascending numbers.
    fileprivate func firstIndex(notBelow number: Int) -> Int {
        var (low, high) = (0, count)
        while low < high {
            let middle = (low + high) / 2
            if self[middle] < number { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
