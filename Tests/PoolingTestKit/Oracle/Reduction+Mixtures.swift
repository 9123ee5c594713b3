import PoolingEngine

/// Ops that mix max and average, and those that draw by chance.
extension ReductionInput {
    func mixed() -> Reduction {
        let alpha = parameter("alpha", 0.5)
        let chosen = largest()
        let gradient = values.indices.map { ($0 == chosen ? alpha : 0) + (1 - alpha) / count }
        return Reduction(
            alpha * values[chosen] + (1 - alpha) * sum / count, selected: chosen, gradient: gradient,
            scale: (alpha * values[chosen]).magnitude + ((1 - alpha) * absoluteSum / count).magnitude)
    }

    /// The first element whose running sum exceeds u·Σx.
    func sampled() throws -> Reduction {
        try requireChances()
        guard sum > 0 else { return nothing }
        let word = OraclePhilox.words(seed: request.seed, position: UInt64(output), stream: 0)[0]
        let exact = (Double(word) + 0.5) / 4_294_967_296
        let u = request.elementType == .float64 ? exact : Double(Float(exact))
        let threshold = u * sum
        var running = 0.0
        for (index, value) in values.enumerated() {
            running += value
            if running > threshold { return .selecting(index, of: values) }
        }
        return .selecting(values.lastIndex { $0 > 0 } ?? 0, of: values)
    }

    /// Σx²/Σx.
    func expected() throws -> Reduction {
        try requireChances()
        guard sum > 0 else { return nothing }
        let total = sum
        let squares = values.reduce(0) { $0 + $1 * $1 }
        return Reduction(
            squares / total, gradient: values.map { (2 * $0 * total - squares) / (total * total) },
            scale: squares / total, gradientScale: values.map { (2 * $0 * total + squares) / (total * total) })
    }

    private var nothing: Reduction { Reduction(0, gradient: values.map { _ in 0 }, scale: 0) }

    private func requireChances() throws {
        if values.contains(where: { $0 < 0 || $0.isNaN }) { throw OracleFailure.rejected("out_of_range") }
    }
}
