import Foundation

/// Ops that weigh elements by their exponentials.
extension ReductionInput {
    func logSumExp() -> Reduction {
        let r = parameter("r", 1)
        let shares = exponentialShares(rate: r)
        let value = shares.largest / r + log(shares.total / count) / r
        return Reduction(
            value, gradient: shares.shares, scale: (values.map(\.magnitude).max() ?? 0) + 1 / r.magnitude,
            gradientScale: shares.shares.map { $0 * (1 + shares.largest.magnitude) })
    }

    func softmax() -> Reduction {
        let beta = parameter("beta", 1)
        let shares = exponentialShares(rate: beta)
        let value = zip(shares.shares, values).reduce(0) { $0 + $1.0 * $1.1 }
        let largest = values.map(\.magnitude).max() ?? 0
        let steepness = 1 + beta.magnitude * largest
        return Reduction(
            value, gradient: zip(shares.shares, values).map { $0 * (1 + beta * ($1 - value)) },
            scale: largest * steepness, gradientScale: shares.shares.map { $0 * steepness * steepness })
    }

    /// e^(rate·x) as shares of their sum, all divided by the largest so that none overflows.
    private func exponentialShares(rate: Double) -> (shares: [Double], largest: Double, total: Double) {
        let exponents = values.map { rate * $0 }
        let largest = exponents.max() ?? 0
        let powers = exponents.map { exp($0 - largest) }
        let total = powers.reduce(0, +)
        return (powers.map { $0 / total }, largest, total)
    }
}
