extension WindowTile {
    /// Sorts the taps of one lane into `scratch.order`: ascending, equal cells in window order.
    ///
    /// - Returns: the first tap that holds NaN, and then sorts nothing.
    func sortTaps(ofLane lane: Int, _ scratch: WindowScratch<Element>) -> Int? where Element: PoolingElement {
        if let nan = (0..<tapCount).first(where: { self[$0, lane].isNaN }) { return nan }
        var order = UnsafeMutableBufferPointer(start: scratch.order, count: tapCount)
        for tap in 0..<tapCount { order[tap] = tap }
        order.sort { left, right in
            let (first, second) = (self[left, lane], self[right, lane])
            return first < second || (first == second && left < right)
        }
        return nil
    }
}
