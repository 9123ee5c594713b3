import Glibc

/// The weights e^(rate·x) of the cells of windows.
///
/// As they are where no exponent is near the ends of the range; in the windows of others, those of x − origin, the origin
/// being the cell of the largest weight. Infinite cells are limits: equal ones share the largest weight.
struct ExponentialWeights: Sendable {
    let rate: Double
    init(rate: Double) { self.rate = rate }

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
        /// Whether the weights of all cells are kept where their gradients will be, rounded to the element's type.
        var areKept: Bool
        /// The windows whose weights would have been kept, if those of the others had been.
        var isRounded: Lanes.Mask?
    }

    /// Folds the weights once where all exponents are in range, else again with the largest taken out.
    ///
    /// - Parameters:
    ///   - takesMean: whether the mean is wanted; 0 otherwise.
    ///   - keeps: whether the weights are to be kept for ``spread(_:_:_:)``, where the element's type holds them.
    @inline(__always)
    func sums<Element>(_ cells: WindowCells<Element>, takesMean: Bool, keeps: Bool = false) -> Sums {
        let keeps = keeps && cells.hasOwnGradients
        var (total, weighted, size) = (Lanes.zero, Lanes.zero, Lanes.zero)
        cells.forEach { tap, x, isIn in
            let exponent = x * rate
            let weight = Element.safeExponential(exponent)
            if keeps { cells.store(weight, tap) }
            total += weight.only(where: isIn, else: 0)
            if takesMean { weighted += (weight * x).only(where: isIn, else: 0) }
            size = Lanes.largerMagnitude(size, exponent.magnitude.only(where: isIn, else: 0))
        }
        (total, weighted) = (cells.whole(total, +), cells.whole(weighted, +))
        size = cells.whole(size, Lanes.largerMagnitude)
        let isPlain = (size .<= Lanes.safeExponent) .& (weighted.magnitude .<= Element.largestSum)
        let hasFar =
            !(size.allLie(within: 0, Lanes.safeExponent)
            && weighted.allLie(within: -Element.largestSum, Element.largestSum))
        let areKept = keeps && !hasFar && size.allLie(within: 0, Element.largestExponent)
        var sums = Sums(
            origin: .zero, weights: total, mean: weighted / total, isFar: .!isPlain, hasFar: hasFar, areKept: areKept,
            isRounded: keeps && !areKept ? isPlain .& (size .<= Element.largestExponent) : nil)
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
        // Weights that are no normal numbers take the processor many times as long, and are nothing next to the origin's.
        let isNothing = exponent .< Self.smallestExponent
        return exponent.replacing(with: 0, where: isOne .| isNothing).exponential
            .replacing(with: 0, where: isNothing)
    }

    private static var smallestExponent: Double { -700 }

    /// x/rate; a division takes as long as several exponentials.
    @inline(__always)
    func overRate<Row: TermRow>(_ x: Row.Vector, in type: Row.Type) -> Row.Vector {
        rate == 1 ? x : Row.quotient(x, Row.Vector(repeating: Row(rate)))
    }

    /// The sum of weights, or -1 where weights out of range may have a part in it.
    @inline(__always)
    func witness<Row: TermRow>(_ sum: Row.Vector, in type: Row.Type) -> Row.Vector {
        let (least, most) = (Row.knownSums.lowerBound, Row.knownSums.upperBound)
        let isUnknown = Row.either(
            Row.isLess(sum, Row.Vector(repeating: least)), Row.isLess(Row.Vector(repeating: most), sum))
        return Row.choose(isUnknown, sum, Row.Vector(repeating: -1))
    }

    /// Spreads `derivative(x, weight)`.
    @inline(__always)
    func spread<Element>(_ cells: WindowCells<Element>, _ sums: Sums, _ derivative: (Lanes, Lanes) -> Lanes) {
        if sums.areKept { return cells.spreadKept(derivative) }
        cells.spread { x in
            var weight = Element.safeExponential(x * rate)
            // A window has the same gradients whatever its neighbours are.
            if let isRounded = sums.isRounded { weight.replace(with: Element.rounded(weight), where: isRounded) }
            if sums.hasFar { weight.replace(with: self.weight(x, sums.origin), where: sums.isFar) }
            return derivative(x, weight)
        }
    }
}
