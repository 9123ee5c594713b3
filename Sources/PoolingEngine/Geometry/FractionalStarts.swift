/// The starts of fractional windows along one axis, from a sample in [0, 1) (PyTorch's rule).
///
/// start = trunc((i + u)·α) − trunc(u·α) with α = (in − k)/(out − 1), in the precision of the input, and the last window
/// at the end.
struct FractionalStarts: Sendable {
    let kernel: Int
    private let last: Int
    private let count: Int
    private let sample: Double
    private let alpha: Double
    /// ⌊u·α⌋.
    private let skipped: Int
    private let computesInDouble: Bool

    init(extent: Int, kernel: Int, count: Int, sample: Double, computesInDouble: Bool) {
        (self.kernel, self.count, self.computesInDouble) = (kernel, count, computesInDouble)
        last = extent - kernel
        let steps = max(count - 1, 1)
        // Numbers of `Float` are kept in `Double`, which holds them.
        self.sample = computesInDouble ? sample : Double(Float(sample))
        alpha = computesInDouble ? Double(last) / Double(steps) : Double(Float(last) / Float(steps))
        skipped = Int(computesInDouble ? sample * alpha : Double(Float(sample) * Float(alpha)))
    }

    @inline(__always)
    func start(of window: Int) -> Int {
        if window == count - 1 { return last }
        let start =
            computesInDouble
            ? Int((Double(window) + sample) * alpha) : Int((Float(window) + Float(sample)) * Float(alpha))
        // Rounding up of the sample must not push a window beyond the end.
        return min(start - skipped, last)
    }
}
