/// Σ u^p and Σ u^p·ln u over the scaled magnitudes of a window, from which means and norms have their derivatives in p.
struct PowerSums {
    private let p: Double
    private var powers = 0.0
    private var logarithms = 0.0

    /// - Parameter scaled: the magnitude of a cell over the scale of its window; 0·ln 0 counts as 0.
    init(_ cells: CellValues, _ p: Double, _ scaled: (Double) -> Double) {
        self.p = p
        for index in 0..<cells.count {
            let magnitude = scaled(cells[index])
            guard magnitude > 0 else { continue }
            let power = Libm.pow(magnitude, p)
            powers += power
            logarithms += power * Libm.log(magnitude)
        }
    }

    /// The derivative of scale·(Σ u^p/count)^(1/p) in p.
    func derivative(scale: Double, count: Double) -> Double {
        let mean = powers / count
        let value = scale * Libm.pow(mean, 1 / p)
        let derivative = value * (logarithms / (p * powers) - Libm.log(mean) / (p * p))
        return derivative.isFinite ? derivative : 0
    }
}
