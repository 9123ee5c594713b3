import PoolingEngine

/// A binary floating-point format, described by its widths.
///
/// Rounding is written out here, so that the tests do not lean on the conversions that they check.
package struct FloatBits: Sendable {
    package let exponentBits: Int
    package let mantissaBits: Int

    package static let float16 = FloatBits(exponentBits: 5, mantissaBits: 10)
    package static let bfloat16 = FloatBits(exponentBits: 8, mantissaBits: 7)

    private var bias: Int { 1 << (exponentBits - 1) - 1 }
    private var infinityBits: UInt16 { UInt16((1 << exponentBits - 1) << mantissaBits) }

    /// The bits of the value nearest to `value`, ties to the even mantissa; beyond the largest it is an infinity.
    package func encode(_ value: Double) -> UInt16 {
        let sign: UInt16 = value.sign == .minus ? 0x8000 : 0
        if value.isNaN { return infinityBits | UInt16(1 << (mantissaBits - 1)) }
        if value.isInfinite { return sign | infinityBits }
        if value == 0 { return sign }
        let smallest = 1 - bias
        let exponent = max(Int(value.exponent), smallest)
        let unit = Double(sign: .plus, exponent: exponent - mantissaBits, significand: 1)
        let units = Int((value.magnitude / unit).rounded(.toNearestOrEven))
        // `units` carries into the exponent by itself: 2.0 in the last place of one binade is 1.0 in the next.
        let bits = (exponent - smallest) << mantissaBits + units
        return sign | UInt16(min(bits, Int(infinityBits)))
    }

    package func decode(_ bits: UInt16) -> Double {
        let sign: FloatingPointSign = bits & 0x8000 == 0 ? .plus : .minus
        let field = Int(bits & 0x7FFF) >> mantissaBits
        let fraction = Int(bits) & (1 << mantissaBits - 1)
        if field == 1 << exponentBits - 1 {
            let infinity = sign == .plus ? Double.infinity : -.infinity
            return fraction == 0 ? infinity : .nan
        }
        let units = field == 0 ? fraction : fraction + 1 << mantissaBits
        let exponent = max(field, 1) - bias - mantissaBits
        return Double(sign: sign, exponent: exponent, significand: 1) * Double(units)
    }
}
