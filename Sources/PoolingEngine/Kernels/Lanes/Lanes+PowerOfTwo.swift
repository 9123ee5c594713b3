/// Powers and logarithms to the base of 2, exact enough to be rounded to 32 bits: the relative error is below 2^-32, of
/// logarithms below 2^-37.
extension SIMD8<Double> {
    /// 2^x for numbers of magnitude 1000 at most; anything for others.
    @inline(__always)
    var safePowerOfTwo: Lanes {
        // Adding 1.5 · 2^52 rounds to a whole number, which is then in the lowest bits.
        let shifted = self + 0x1.8p52
        let rest = self - (shifted - 0x1.8p52)
        let square = rest * rest
        let even =
            ((square * 0x1.443f95fd64a9ep-13 + 0x1.3b2a1bf594926p-7) * square + 0x1.ebfbe04570842p-3) * square + 1
        let odd =
            ((square * 0x1.c047d9fb0da92p-17 + 0x1.5dc0517c0bac3p-10) * square + 0x1.c6b0551d27649p-5) * square
            + 0x1.62e4300b9dc06p-1
        return Lanes(bits: (even + rest * odd).bits &+ shifted.bits &<< 52)
    }

    /// 2^x.
    @inline(__always)
    var powerOfTwo: Lanes {
        // The ends are an infinity and 0; comparisons keep NaN.
        replacing(with: 1024, where: self .> 1024).replacing(with: -1023, where: self .< -1023).safePowerOfTwo
    }

    /// The logarithm to the base of 2, of numbers with all their bits; −∞ of 0, NaN of negative numbers.
    @inline(__always)
    var shortLogarithm: Lanes {
        let (mantissa, power) = mantissaAndPower
        // With s = (m − 1)/(m + 1), log m = 2s + 2s³/3 + 2s⁵/5 + …
        let s = (mantissa - 1) / (mantissa + 1)
        let z = s * s
        let square = z * z
        let early = z * 0x1.ec709d12e151ap-1 + 0x1.71547652bede5p+1
        let late = (z * 0x1.a58d8fbfbfbdcp-2 + 0x1.27777fda6996cp-1) + 0x1.5ce7cd9d80bd4p-2 * square
        return (power + s * (early + late * square)).withEnds(ofLogarithm: self)
    }
}
