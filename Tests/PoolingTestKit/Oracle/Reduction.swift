/// What an op makes of the values of one window.
struct Reduction {
    let value: Double
    /// The position among the cells that the mask names; nil for none.
    var selected: Int?
    /// The derivative of the value with respect to each cell.
    let gradient: [Double]
    /// The size of the terms that were added up: rounding errors of the value are measured against it.
    var scale: Double
    /// The same for each derivative.
    let gradientScale: [Double]

    init(_ value: Double, selected: Int? = nil, gradient: [Double], scale: Double, gradientScale: [Double]? = nil) {
        self.value = value
        self.selected = selected
        self.gradient = gradient
        self.scale = scale
        self.gradientScale = gradientScale ?? gradient.map(\.magnitude)
    }

    /// The result to an empty window.
    static func empty(_ value: Double) -> Reduction { Reduction(value, gradient: [], scale: 0) }

    /// A reduction to the element at `position`, which gets the whole gradient.
    static func selecting(_ position: Int, of values: [Double]) -> Reduction {
        let gradient = values.indices.map { $0 == position ? 1.0 : 0 }
        return Reduction(values[position], selected: position, gradient: gradient, scale: 0)
    }
}

/// The values of one window, and the other inputs of an op.
struct ReductionInput {
    let values: [Double]
    let request: OracleRequest
    let window: OracleWindow
    /// The flat position of the output.
    let output: Int

    /// The parameter `name` of this window's channel: a number for all, or a list with one per channel.
    func parameter(_ name: String, _ fallback: Double) -> Double {
        guard let entries = request.value(name)?.entries else { return request.real(name) ?? fallback }
        return entries[window.channel].real ?? fallback
    }

    var count: Double { Double(values.count) }
    var sum: Double { values.reduce(0, +) }
    var absoluteSum: Double { values.reduce(0) { $0 + $1.magnitude } }
}

extension ReductionInput {
    /// The reduction of a window that is not empty.
    func reduced() throws -> Reduction {
        switch request.op {
        case "max": .selecting(largest(), of: values)
        case "min": .selecting(smallest(), of: values)
        case "median": .selecting(lowerMedian(), of: values)
        case "first": .selecting(0, of: values)
        case "last": .selecting(values.count - 1, of: values)
        case "quantile": quantile()
        case "avg": average()
        case "sum": linear { _ in 1 }
        case "mean_sqrt_len": linear { _ in 1 / count.squareRoot() }
        case "weighted": weighted()
        case "product": product()
        case "lp": request.flag("signed") ?? false ? signedPower() : powerNorm()
        case "power_avg": powerMean()
        case "logsumexp": logSumExp()
        case "softmax": softmax()
        case "variance": variance()
        case "std": deviation()
        case "mixed": mixed()
        case "stochastic": request.text("mode", "sample") == "sample" ? try sampled() : try expected()
        default: throw OracleFailure.unknown("op \(request.op)")
        }
    }
}
