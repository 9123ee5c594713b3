/// Powers of numbers that are not negative, with one exponent.
///
/// Exponents other than 0, ½, 1, 2 and 3 go through logarithms: the relative error is at most
/// (2 + |exponent · log x|) · 2^-52, of ⅓ 2^-51, or of `Float` (2 + |exponent · log x|) · 2^-33.
struct Power<Element: LaneElement>: Sendable {
    let exponent: Double

    @inline(__always)
    func callAsFunction(_ x: Lanes) -> Lanes {
        if isQuick { return quick(x) }
        var power = x
        takeThroughLogarithm(&power)
        return power
    }

    /// Whether powers take no logarithm, so that they are worth taking before their sum is known to be in range.
    let isQuick: Bool

    init(exponent: Double) {
        self.exponent = exponent
        isQuick = [0, 0.5, 1, 2, 3].contains(exponent)
    }

    /// The same for exponents that are quick.
    @inline(__always)
    func quick(_ x: Lanes) -> Lanes {
        if exponent == 2 { return x * x }
        if exponent == 3 { return x * x * x }
        if exponent == 1 { return x }
        return exponent == 0 ? Lanes(repeating: 1) : x.squareRoots
    }

    /// Σ map(x)^exponent for exponents that are quick, by a loop for each of the common ones.
    @inline(__always)
    func sum(_ cells: WindowCells<Element>, _ map: (Lanes) -> Lanes) -> Lanes where Element: RealElement {
        switch exponent {
        case 2:
            cells.sum {
                let x = map($0)
                return x * x
            }
        case 3:
            cells.sum {
                let x = map($0)
                return x * x * x
            }
        default: cells.sum { quick(map($0)) }
        }
    }

    // Not inlined, so that loops without logarithms stay short; vectors in registers would be passed in parts.
    @inline(never)
    private func takeThroughLogarithm(_ x: inout Lanes) {
        let power = Element.power(x, exponent)
        let isCorrected = Element.self == Double.self && exponent == 1.0 / 3
        x = isCorrected ? power.corrected(asCubeRootOf: x) : power
    }
}

extension SIMD8<Double> {
    /// One step of Newton's: the logarithm of a large number has lost digits of its root.
    @inline(__always)
    fileprivate func corrected(asCubeRootOf x: Lanes) -> Lanes {
        let square = self * self
        let correction = (square * self - x) / (square * 3)
        return replacing(with: self - correction, where: (self .> 0) .& (self .< .infinity))
    }
}
