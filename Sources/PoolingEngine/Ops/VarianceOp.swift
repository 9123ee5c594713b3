struct VarianceOp: DispersionOp {
    typealias Measure = Variance

    let correction: Double
}

/// Σ(x − mean)²/(n − correction).
enum Variance: Dispersion {
    static let descriptor = OpDescriptor(
        "variance", gradient: .input, parameters: [.correction],
        summary: "sum (x-mean)^2 / (n-correction)", source: "torch.var; statistics pooling (Snyder et al. 2018)",
        otherNames: ["var"])

    @inline(__always)
    static func value<Element>(_ deviation: Deviation<Element>, mean: Lanes) -> Lanes {
        deviation.scale * (deviation.scale * mean)
    }

    /// 2(x − mean)/(n − correction).
    @inline(__always)
    static func factor<Element>(_ deviation: Deviation<Element>, mean: Lanes, share: Lanes) -> Lanes {
        deviation.scale * (2 * share)
    }
}
