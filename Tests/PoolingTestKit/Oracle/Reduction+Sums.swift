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

    /// The weight of every cell that takes part.
    var cellWeights: [Double] {
        guard let tensor = request.tensor(.weights) else { return [] }
        let weights = tensor.realElements
        return window.cells.map { weights[weightPosition($0, in: tensor.shape)] }
    }

    /// Where the weights hold the one of `cell`: they have the shape of the kernel, or one kernel a channel.
    func weightPosition(_ cell: OracleWindow.Cell, in shape: [Int]) -> Int {
        let kernelRank = OracleAxes(request).pooled.count
        guard shape.count > kernelRank else { return cell.offset }
        return window.channel * shape.dropFirst().reduce(1, *) + cell.offset
    }

    var normalizes: Bool { request.flag("normalize") ?? false }

    func weighted() -> Reduction {
        let weights = cellWeights
        let divisor = normalizes ? weights.reduce(0, +) : 1
        return linear { weights[$0] / divisor }
    }

    /// The derivative of `weighted` with respect to the weight of each cell.
    func weightGradient() -> [Double] {
        guard normalizes else { return values }
        let divisor = cellWeights.reduce(0, +)
        let value = weighted().value
        return values.map { ($0 - value) / divisor }
    }
}
