extension Decimal {
    /// The nearest `Float` to ``double(_:)``, as NumPy has it; infinite where the number is too large for one.
    @inline(__always)
    func float(_ powers: PowersOfTen) -> Float {
        guard !isTruncated, significand <= UInt64(Int64.max), -22...0 ~= exponent else { return Float(double(powers)) }
        let near = Double(Int64(bitPattern: significand)) / powers.double(0 &- exponent)
        guard significand <= 1 << 53 || !Self.isNearMiddle(near) else { return Float(double(powers)) }
        return Float(bitPattern: Float(near).bitPattern | (isNegative ? 1 << 31 : 0))
    }

    /// Whether a double so near the middle between two normal `Float`s that its neighbours may round differently.
    ///
    /// Two roundings, of a significand above 2^53 and of the quotient, are at most two units in the last place off the
    /// number, and its nearest double is half a unit off on the other side.
    @inline(__always)
    private static func isNearMiddle(_ value: Double) -> Bool {
        let tolerance: UInt64 = 4
        let (middle, below): (UInt64, UInt64) = (1 << 28, 1 << 29 - 1)
        return value.bitPattern & below &- (middle - tolerance) <= 2 * tolerance
    }
}
