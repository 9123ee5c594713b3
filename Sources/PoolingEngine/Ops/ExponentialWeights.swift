/// The weights e^(rate·x) of the cells of windows.
///
/// As they are where no exponent is near the ends of the range; in the windows of others, those of x − origin, the origin
/// being the cell of the largest weight. Infinite cells are limits: equal ones share the largest weight.
struct ExponentialWeights: Sendable {
    let rate: Double

    /// What the weights of each window add up to.
    struct Sums {
        /// What is taken off each cell; 0 in most windows.
        var origin: Lanes
        /// Σw.
        var weights: Lanes
        /// Σw·x/Σw.
        var mean: Lanes
        /// Where something is taken off, and whether it is anywhere.
        var isFar: Lanes.Mask
        var hasFar: Bool
    }

    /// Folds the weights once where all exponents are in range, else again with the largest taken out.
    @inline(__always)
    func sums<Element>(_ cells: WindowCells<Element>) -> Sums {
        let plain = cells.sums { x in
            let exponent = x * rate
            let weight = exponent.safeExponential
            return (weight, weight * x, exponent.magnitude)
        }
        let isPlain = (plain.size .<= Lanes.safeExponent) .& (plain.second.magnitude .<= Element.largestSum)
        var sums = Sums(
            origin: .zero, weights: plain.first, mean: plain.second / plain.first, isFar: .!isPlain,
            hasFar:
                !(plain.size.allLie(within: 0, Lanes.safeExponent)
                && plain.second.allLie(within: -Element.largestSum, Element.largestSum)))
        if sums.hasFar { takeOutOrigin(cells, &sums) }
        return sums
    }

    @inline(__always)
    private func takeOutOrigin<Element>(_ cells: WindowCells<Element>, _ sums: inout Sums) {
        // The largest of x or of −x: a product with the rate could overflow.
        let sign: Double = rate < 0 ? -1 : 1
        let origin = cells.largest { $0 * sign } * sign
        let total = cells.sum { weight($0, origin) }
        let mean = cells.sum { x in
            let weight = weight(x, origin)
            return (x * (weight / total)).replacing(with: 0, where: weight .== 0)
        }
        sums.origin.replace(with: origin, where: sums.isFar)
        sums.weights.replace(with: total, where: sums.isFar)
        sums.mean.replace(with: mean, where: sums.isFar)
    }

    /// e^(rate·(x − origin)), 1 for the origin itself.
    @inline(__always)
    private func weight(_ x: Lanes, _ origin: Lanes) -> Lanes {
        let exponent = rate == 0 ? (x - x) : (x - origin) * rate
        let isOne = rate == 0 ? (x .== x) : (x .== origin)
        return exponent.replacing(with: 0, where: isOne).exponential
    }

    /// Spreads `derivative(x, weight)`.
    @inline(__always)
    func spread<Element>(_ cells: WindowCells<Element>, _ sums: Sums, _ derivative: (Lanes, Lanes) -> Lanes) {
        if !sums.hasFar {
            cells.spread { x in derivative(x, (x * rate).safeExponential) }
        } else {
            cells.spread { x in
                let weight = (x * rate).safeExponential
                return derivative(x, weight.replacing(with: self.weight(x, sums.origin), where: sums.isFar))
            }
        }
    }
}
