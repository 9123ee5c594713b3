/// The shortest decimal that reads back to a binary floating-point number, and of those the nearest to it.
///
/// Schubfach (Giulietti, "The Schubfach way to render doubles", 2020): the interval of reals that round to the number
/// is scaled by a power of ten so that it holds at least one integer and at most one multiple of ten.
struct ShortestDecimal {
    /// May end in zeros.
    let significand: UInt64
    let exponent: Int

    /// A positive number taken apart: `significand` · 2^`exponent`.
    ///
    /// `lowerGapIsHalf` where the next smaller number has a smaller exponent.
    typealias Parts = (significand: UInt64, exponent: Int, lowerGapIsHalf: Bool)

    /// For formats with at most 24 significant bits.
    @inline(__always)
    init(narrow parts: Parts, _ powers: PowersOfTen) {
        let scale = Scale(parts)
        let power = powers.roundedUp(0 &- scale.exponent)
        // A single word of the power is enough here, again rounded up.
        let factor = power.high &+ (power.low == 0 ? 0 : 1)
        self.init(parts, scale) { boundary in
            let product = factor.multipliedFullWidth(by: boundary)
            let upper = product.high &<< 32 | product.low &>> 32
            // What lies below bit 64 only says whether the scaled boundary is whole; one unit may be rounding.
            return upper &>> 32 | (upper & 0xffff_ffff > 1 ? 1 : 0)
        }
    }

    /// For `Double`.
    @inline(__always)
    init(wide parts: Parts, _ powers: PowersOfTen) {
        let scale = Scale(parts)
        let power = powers.roundedUp(0 &- scale.exponent)
        self.init(parts, scale) { boundary in
            let lower = power.low.multipliedFullWidth(by: boundary)
            let upper = power.high.multipliedFullWidth(by: boundary)
            let (middle, carry) = upper.low.addingReportingOverflow(lower.high)
            return (upper.high &+ (carry ? 1 : 0)) | (middle > 1 ? 1 : 0)
        }
    }

    /// - Parameter scaled: the product of a boundary and 10^(−scale.exponent), its last bit set if it is not whole.
    @inline(__always)
    private init(_ parts: Parts, _ scale: Scale, scaled: (UInt64) -> UInt64) {
        let quadruple = parts.significand &* 4
        let isOdd = parts.significand & 1
        let lower = scaled((quadruple &- (parts.lowerGapIsHalf ? 1 : 2)) &<< scale.shift) &+ isOdd
        let middle = scaled(quadruple &<< scale.shift)
        let upper = scaled((quadruple &+ 2) &<< scale.shift) &- isOdd
        // Which of the candidates wins changes from number to number: selecting is faster than branching.
        let floor = middle / 4
        let tens = floor / 10
        let tensBelow: UInt64 = lower <= 40 &* tens ? 1 : 0
        let tensAbove: UInt64 = 40 &* tens &+ 40 <= upper ? 1 : 0
        let isTens = (tensBelow ^ tensAbove) & (floor >= 10 ? 1 : 0)
        let below: UInt64 = lower <= 4 &* floor ? 1 : 0
        let above: UInt64 = 4 &* floor &+ 4 <= upper ? 1 : 0
        let nearestIsAbove: UInt64 = middle &+ (floor & 1) > 4 &* floor &+ 2 ? 1 : 0
        let unit = floor &+ Self.select(below ^ above, above, nearestIsAbove)
        significand = Self.select(isTens, tens &+ tensAbove, unit)
        exponent = scale.exponent &+ Int(truncatingIfNeeded: isTens)
    }

    /// `first` where `condition` is 1, `second` where it is 0.
    @inline(__always)
    private static func select(_ condition: UInt64, _ first: UInt64, _ second: UInt64) -> UInt64 {
        second ^ (first ^ second) & (0 &- condition)
    }

    /// The power of ten that suits the width of a number's rounding interval.
    private struct Scale {
        let exponent: Int
        /// What is left of the power of two after multiplying by the power of ten's significand.
        let shift: UInt64

        @inline(__always)
        init(_ parts: Parts) {
            // ⌊log10(2^exponent)⌋, or ⌊log10(3/4 · 2^exponent)⌋ for the narrower interval, in fixed point.
            exponent = (parts.exponent &* 1_262_611 &- (parts.lowerGapIsHalf ? 524_031 : 0)) >> 22
            shift = UInt64(truncatingIfNeeded: parts.exponent &+ PowersOfTen.binaryExponent(0 &- exponent) &+ 1)
        }
    }
}
