extension WindowTile where Element: RealElement {
    /// The exponents' maxima (0 where infinite) in accumulator 0, and Σ e^(rate·x − maximum) in accumulator 1.
    @inline(__always)
    func exponentialSums(
        _ scratch: WindowScratch<Element>, rate: Double
    ) -> (maxima: UnsafeMutablePointer<Double>, sums: UnsafeMutablePointer<Double>) {
        let maxima = largest(scratch, row: 0) { rate * $0 }
        // Subtracting an infinity from itself would turn -inf and +inf into NaN.
        for lane in 0..<laneCount where maxima[lane].isInfinite { maxima[lane] = 0 }
        let sums = scratch.accumulator(1)
        forEachTap(scratch) { tap in
            let cells = row(tap)
            for lane in 0..<laneCount { sums[lane] += Libm.exp(rate * cells[lane].double - maxima[lane]) }
        }
        return (maxima, sums)
    }
}
