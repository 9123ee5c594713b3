/// The shortest decimal of a float32 of usual size, and of those the nearest to it, with a fixed number of places.
///
/// The same as ``ShortestDecimal`` finds, in fewer steps: between 2^-9 and 2^18 the distance to the next float32, scaled
/// by the power of ten that leaves it below ten, is exact in 64 bits, and so is every product with it.
struct ShortestFixedPoint {
    /// All digits but the last, as a whole number; at most eight.
    let upper: UInt64
    /// The last digit.
    let last: UInt64
    /// How many digits of ``upper`` are after the point.
    let places: Int

    private static let smallest = Float(0x1p-9)
    private static let limit = Float(0x1p18)

    /// Takes the magnitude of `value`; nil where it is not of usual size.
    @inline(__always)
    init?(_ value: Float, _ powers: PowersOfTen) {
        let magnitude = value.bitPattern & 0x7fff_ffff
        let offset = magnitude &- Self.smallest.bitPattern
        guard offset < Self.limit.bitPattern &- Self.smallest.bitPattern else { return nil }
        // The number is significand · 2^-scale.
        let scale = 150 &- Int(truncatingIfNeeded: magnitude >> 23)
        let significand = UInt64(magnitude & 0x7f_ffff | 0x80_0000)
        // ⌊scale · log10(2)⌋
        places = (scale &* 1233) >> 12
        // From one number to the next, in units of the last place but one, times 2^64.
        let gap = powers.integer(places) &<< UInt64(truncatingIfNeeded: 64 &- scale)
        let scaled = significand.multipliedFullWidth(by: gap)
        // An even number owns the ends of the interval that rounds to it.
        let reach = gap >> 1 &- (significand & 1)
        let isBelow: UInt64 = scaled.low <= reach ? 1 : 0
        let isAbove: UInt64 = scaled.low.addingReportingOverflow(reach).overflow ? 1 : 0
        let next = scaled.low.multipliedFullWidth(by: 10)
        let half: UInt64 = 1 << 63
        let roundsUp: UInt64 = next.low.addingReportingOverflow(half &- 1 &+ (next.high & 1)).overflow ? 1 : 0
        upper = scaled.high &+ isAbove
        // Zero where the interval holds a multiple of ten; masking is faster than branching.
        last = (next.high &+ roundsUp) & ((isBelow | isAbove) &- 1)
    }
}
