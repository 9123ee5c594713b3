/// Variance and standard deviation.
extension ReductionInput {
    private var mean: Double { sum / count }
    private var degrees: Double { count - (request.real("correction") ?? 0) }

    func variance() -> Reduction {
        guard degrees > 0 else { return Reduction(.nan, gradient: values.map { _ in .nan }, scale: 0) }
        let mean = mean
        let squares = values.map { ($0 - mean) * ($0 - mean) }
        let size = absoluteSum / count
        return Reduction(
            squares.reduce(0, +) / degrees, gradient: values.map { 2 * ($0 - mean) / degrees },
            scale: values.reduce(0) { $0 + $1 * $1 } / degrees,
            gradientScale: values.map { 2 * ($0.magnitude + size) / degrees })
    }

    func deviation() -> Reduction {
        let variance = variance()
        let value = variance.value.squareRoot()
        // An error of one rounding in the mean shows in the root in full where the spread is small.
        let scale = (values.map(\.magnitude).max() ?? 0) * count
        guard value > 0 else { return Reduction(value, gradient: values.map { _ in 0 }, scale: scale) }
        return Reduction(
            value, gradient: variance.gradient.map { $0 / (2 * value) }, scale: scale,
            gradientScale: variance.gradientScale.map { $0 * (1 + scale / value) / (2 * value) })
    }
}
