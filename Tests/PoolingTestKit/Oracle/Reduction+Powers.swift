import Foundation

/// Norms and power means.
extension ReductionInput {
    /// (Σ|x|^p)^(1/p), divided by the largest |x| first so that nothing overflows.
    func powerNorm() -> Reduction {
        let p = parameter("p", 2)
        let sizes = values.map(\.magnitude)
        let largest = sizes.max() ?? 0
        guard largest > 0, largest.isFinite, p.isFinite else { return largestSize(sizes) }
        let value = largest * pow(sizes.reduce(0) { $0 + pow($1 / largest, p) }, 1 / p)
        let gradient = values.map { x -> Double in
            x == 0 ? 0 : (x < 0 ? -1 : 1) * pow(x.magnitude / value, p - 1)
        }
        return Reduction(value, gradient: gradient, scale: value)
    }

    /// The limit at p = ∞, also met where there is nothing to scale by.
    private func largestSize(_ sizes: [Double]) -> Reduction {
        if let notANumber = sizes.first(where: \.isNaN) {
            return Reduction(notANumber, gradient: sizes.map { _ in .nan }, scale: 0)
        }
        let largest = sizes.max() ?? 0
        let chosen = sizes.firstIndex(of: largest)
        let gradient = values.indices.map { index -> Double in
            guard index == chosen, largest > 0 else { return 0 }
            return values[index] < 0 ? -1 : 1
        }
        return Reduction(largest, gradient: gradient, scale: 0)
    }

    /// PyTorch's LPPool: s^(1/p) with s = K·(Σx^p / declared cells).
    func signedPower() -> Reduction {
        let p = parameter("p", 2)
        guard p.isFinite else { return largestSize(values.map(\.magnitude)) }
        let mode = request.text("padding_mode", "ignore")
        let shared = mode == "ignore" ? Double(window.declaredCount) : count
        let factor = Double(window.kernelCount) / shared
        let s = factor * values.reduce(0) { $0 + pow($1, p) }
        let value = s < 0 && p != 1 ? .nan : p == 1 ? s : pow(s, 1 / p)
        let slope = s == 0 ? 0 : s < 0 && p != 1 ? .nan : p == 1 ? 1 : pow(s, 1 / p - 1)
        let gradient = values.map { slope == 0 ? 0 : slope * factor * pow($0, p - 1) }
        let spread = factor * values.reduce(0) { $0 + pow($1.magnitude, p) }
        let scale = value.magnitude + (s == 0 ? 0 : value.magnitude * spread / s.magnitude)
        return Reduction(
            value, gradient: gradient, scale: scale,
            gradientScale: gradient.map { $0.magnitude * (s == 0 ? 1 : 1 + p * spread / s.magnitude) })
    }

    /// (mean max(x, eps)^p)^(1/p).
    func powerMean() -> Reduction {
        let p = parameter("p", 3)
        let eps = request.real("eps") ?? 1e-6
        let clamped = values.map { max($0, eps) }
        let value = pow(clamped.reduce(0) { $0 + pow($1, p) } / count, 1 / p)
        let gradient = values.map { $0 < eps ? 0 : pow($0 / value, p - 1) / count }
        return Reduction(value, gradient: gradient, scale: value)
    }
}
