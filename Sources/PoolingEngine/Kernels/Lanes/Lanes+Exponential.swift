/// Exponentials and logarithms, side by side. The error is below 1.5 units in the last place.
extension SIMD8<Double> {
    /// Exponents of this magnitude at most are far from overflow, also after thousands of additions.
    static var safeExponent: Double { 600 }

    /// e^x for numbers of magnitude ``safeExponent`` at most; anything for others.
    @inline(__always)
    var safeExponential: Lanes {
        let (fraction, power) = exponentialParts
        return fraction * Lanes(bits: (power &+ 1023) &<< 52)
    }

    /// e^x.
    @inline(__always)
    var exponential: Lanes {
        // The ends of the range are beyond overflow and underflow; comparisons keep NaN.
        let inRange = replacing(with: 710, where: self .> 710).replacing(with: -746, where: self .< -746)
        let (fraction, power) = inRange.exponentialParts
        // In two steps, so that neither power of two is out of range.
        let half = Lanes.Exponents(truncatingIfNeeded: unsafeBitCast(power &<< 52, to: SIMD8<Int64>.self) &>> 53)
        let first = Lanes(bits: (half &+ 1023) &<< 52)
        let second = Lanes(bits: (power &- half &+ 1023) &<< 52)
        return fraction * first * second
    }

    typealias Exponents = SIMD8<UInt64>

    /// e^x = fraction · 2^power, the lowest twelve bits of which are given.
    @inline(__always)
    private var exponentialParts: (fraction: Lanes, power: Exponents) {
        // Adding 1.5 · 2^52 rounds to a whole number, which is then in the lowest bits.
        let shifted = self * 0x1.71547652b82fep0 + 0x1.8p52
        let whole = shifted - 0x1.8p52
        // log 2 in two parts, the first of which times a whole number is exact.
        let rest = (self - whole * 0x1.62e42feep-1) - whole * 0x1.a39ef35793c76p-33
        // In pairs and fours, because operations that wait for each other take most of the time.
        let (square, fourth) = rest.evenPowers
        let low = (rest * 0x1.5555555555556p-3 + 0.5) + (rest * 0x1.11111111109b3p-7 + 0x1.5555555553d63p-5) * square
        let middle =
            (rest * 0x1.a01a01a7c41d5p-13 + 0x1.6c16c1788bd90p-10)
            + (rest * 0x1.71de0dae63bb3p-19 + 0x1.a019b90d2ae7ap-16) * square
        let high = rest * 0x1.af38a9b0ec855p-26 + 0x1.289185613a3d6p-22
        let series = low + (middle + high * fourth) * fourth
        return (1 + (rest + square * series), shifted.bits)
    }

    @inline(__always)
    private var evenPowers: (square: Lanes, fourth: Lanes) {
        let square = self * self
        return (square, square * square)
    }

    /// log x; −∞ of 0, NaN of negative numbers.
    @inline(__always)
    var logarithm: Lanes {
        let isSmall = self .< Double.leastNormalMagnitude
        let normal = replacing(with: self * 0x1p54, where: isSmall)
        let (mantissa, power) = normal.mantissaAndPower
        let whole = power.replacing(with: power - 54, where: isSmall)
        // With s = f/(2 + f), log(1 + f) = 2s + s·(2s²/3 + 2s⁴/5 + …).
        let f = mantissa - 1
        let s = f / (f + 2)
        let z = s * s
        let (square, fourth) = z.evenPowers
        let early =
            (z * 0x1.999999997fa04p-2 + 0x1.5555555555593p-1) + (z * 0x1.c71c51d8e78afp-3 + 0x1.2492494229359p-2)
            * square
        let late = (z * 0x1.39a09d078c69fp-3 + 0x1.7466496cb03dep-3) + 0x1.2f112df3e5244p-3 * square
        let series = early + late * fourth
        let halfSquare = f * f * 0.5
        let low = s * (halfSquare + series * z) + whole * 0x1.a39ef35793c76p-33
        let finite = whole * 0x1.62e42feep-1 - ((halfSquare - low) - f)
        return finite.withEnds(ofLogarithm: self)
    }

    /// x = mantissa · 2^power, the mantissa from √½ to √2, for normal numbers.
    @inline(__always)
    var mantissaAndPower: (mantissa: Lanes, power: Lanes) {
        let offset: UInt64 = 0x3FF0_0000_0000_0000 - 0x3FE6_A09E_667F_3BCD
        let moved = bits &+ offset
        let power = Lanes(bits: (moved &>> 52) | 0x4330_0000_0000_0000) - (0x1p52 + 1023)
        return (Lanes(bits: (moved & 0x000F_FFFF_FFFF_FFFF) &+ 0x3FE6_A09E_667F_3BCD), power)
    }

    /// The logarithm of `x`, known for finite numbers above 0.
    @inline(__always)
    func withEnds(ofLogarithm x: Lanes) -> Lanes {
        let known = replacing(with: x, where: .!(x .< .infinity))
        let ends = known.replacing(with: -.infinity, where: x .== 0)
        return ends.replacing(with: .nan, where: x .< 0)
    }
}
