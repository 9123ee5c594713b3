/// The starts of fractional windows along one axis, from a sample in [0, 1) (PyTorch's rule).
///
/// start = trunc((i + u)·α) − trunc(u·α) with α = (in − k)/(out − 1), in the precision of the input, and the last window
/// at the end.
struct FractionalStarts: Sendable {
    let kernel: Int
    private let last: Int
    private let count: Int
    private let sample: Double
    private let computesInDouble: Bool

    init(extent: Int, kernel: Int, count: Int, sample: Double, computesInDouble: Bool) {
        self.kernel = kernel
        last = extent - kernel
        self.count = count
        self.sample = sample
        self.computesInDouble = computesInDouble
    }

    func start(of window: Int) -> Int {
        if window == count - 1 { return last }
        return computesInDouble ? start(window, sample) : start(window, Float(sample))
    }

    private func start<T: BinaryFloatingPoint>(_ window: Int, _ sample: T) -> Int {
        let alpha = T(last) / T(max(count - 1, 1))
        // Rounding up of the sample must not push a window beyond the end.
        return min(Int((T(window) + sample) * alpha) - Int(sample * alpha), last)
    }
}
