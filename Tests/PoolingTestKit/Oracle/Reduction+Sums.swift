import PoolingEngine

/// Ops that are sums of the elements with fixed factors, and the product.
extension ReductionInput {
    /// Σ factor·x, with a factor that no value changes.
    func linear(_ factor: (Int) -> Double) -> Reduction {
        let factors = values.indices.map(factor)
        let terms = zip(values, factors).map { $0 * $1 }
        return Reduction(
            terms.reduce(0, +), gradient: factors, scale: terms.reduce(0) { $0 + $1.magnitude })
    }

    func average() -> Reduction {
        let divisor = averageDivisor
        return linear { _ in 1 / divisor }
    }

    var averageDivisor: Double {
        if let override = request.real("divisor_override") { return override }
        guard request.text("padding_mode", "ignore") == "ignore" else { return count }
        let isNumeric = !request.text("padding", "").hasPrefix("same")
        return request.flag("count_include_pad") ?? isNumeric ? Double(window.declaredCount) : count
    }

    func product() -> Reduction {
        let gradient = values.indices.map { skipped in
            values.indices.filter { $0 != skipped }.reduce(1.0) { $0 * values[$1] }
        }
        let value = values.reduce(1, *)
        return Reduction(value, gradient: gradient, scale: value.magnitude)
    }

    /// Where the weights hold the one of each cell: they have the shape of the kernel, one kernel per channel, or one
    /// list of steps per sample.
    var weightPositions: [Int] {
        let shape = request.tensor(.weights)?.shape ?? []
        let hasMany = shape.count > OracleAxes(request).pooled.count
        let which = request.region == "sequence" ? window.plane[0] : window.channel
        let first = hasMany ? which * shape.dropFirst().reduce(1, *) : 0
        return window.cells.map { first + $0.offset }
    }

    /// The weight of every cell that takes part.
    private var cellWeights: [Double] {
        let weights = request.tensor(.weights)?.realElements ?? []
        return weightPositions.map { weights[$0] }
    }

    var normalizes: Bool { request.flag("normalize") ?? false }

    func weighted() -> Reduction {
        let weights = cellWeights
        let divisor = normalizes ? weights.reduce(0, +) : 1
        // Nothing that weighs anything is 0.
        return linear { divisor == 0 ? 0 : weights[$0] / divisor }
    }

    /// The derivative of `weighted` with respect to the weight of each cell.
    func weightGradient() -> [Double] {
        guard normalizes else { return values }
        let divisor = cellWeights.reduce(0, +)
        if divisor == 0 { return values.map { _ in 0 } }
        let value = weighted().value
        return values.map { ($0 - value) / divisor }
    }
}
