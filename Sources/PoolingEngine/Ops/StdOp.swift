struct StdOp: DispersionOp {
    typealias Measure = StandardDeviation

    let correction: Double
}

/// The root of the variance; where it is 0, or undefined, the derivative is 0.
enum StandardDeviation: Dispersion {
    static let descriptor = OpDescriptor(
        "std", gradient: .input, parameters: [.correction],
        summary: "root of the variance", source: "torch.std; statistics pooling (Snyder et al. 2018)",
        otherNames: ["stddev", "standarddeviation", "stdev"])

    @inline(__always)
    static func value<Element>(_ deviation: Deviation<Element>, mean: Lanes) -> Lanes {
        deviation.scale * mean.squareRoots
    }

    /// (x − mean)/((n − correction)·std).
    @inline(__always)
    static func factor<Element>(_ deviation: Deviation<Element>, mean: Lanes, share: Lanes) -> Lanes {
        (share / mean.squareRoots)
            .replacing(with: 0, where: deviation.squares .== 0)
    }
}
