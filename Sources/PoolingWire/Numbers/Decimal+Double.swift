#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

extension Decimal {
    /// The nearest `Double`, ties to even; infinite where the number is too large for one.
    @inline(__always)
    func double(_ powers: PowersOfTen) -> Double {
        let magnitude: Double
        if significand <= 1 << 53, -22...0 ~= exponent {
            // Both operands are exact, so the one division rounds correctly (Clinger 1990).
            magnitude = Double(Int64(truncatingIfNeeded: significand)) / powers.double(0 &- exponent)
        } else {
            magnitude = Self.distantMagnitude(significand, exponent, isTruncated, text, powers)
        }
        return Double(bitPattern: magnitude.bitPattern | (isNegative ? 1 << 63 : 0))
    }

    /// Takes the parts one by one because a whole `Decimal` would have to be stored for the call, taken or not.
    @inline(never)
    private static func distantMagnitude(
        _ significand: UInt64, _ exponent: Int, _ isTruncated: Bool, _ text: UnsafeBufferPointer<UInt8>,
        _ powers: PowersOfTen
    ) -> Double {
        guard significand != 0 else { return 0 }
        let nearest = Self.nearest(significand, exponent, powers)
        guard isTruncated else { return nearest ?? magnitude(of: text) }
        // The number lies between these two; where they round alike, so does it.
        guard let nearest, nearest == Self.nearest(significand + 1, exponent, powers) else {
            return magnitude(of: text)
        }
        return nearest
    }

    /// Rounds `significand` · 10^`exponent` by an interval of 128-bit products; nil where that does not decide.
    ///
    /// After Eisel and Lemire ("Number parsing at a gigabyte per second", 2021). The power of ten is cut off, so that
    /// the true product lies within two units above the computed one; an undecided number is a tie or next to one.
    private static func nearest(_ significand: UInt64, _ exponent: Int, _ powers: PowersOfTen) -> Double? {
        // 2^64 · 10^-343 is less than half of the smallest double.
        guard exponent >= PowersOfTen.exponents.lowerBound else { return 0 }
        guard exponent <= 308 else { return .infinity }
        let shift = significand.leadingZeroBitCount
        let power = powers[exponent]
        let normalized = significand &<< UInt64(shift)
        let upper = normalized.multipliedFullWidth(by: power.high)
        let lower = normalized.multipliedFullWidth(by: power.low)
        let product = (UInt128(upper.high) << 64 | UInt128(upper.low)) &+ UInt128(lower.high)
        let leading = 127 &- product.leadingZeroBitCount
        let binaryExponent = leading &+ PowersOfTen.binaryExponent(exponent) &- 63 &- shift
        let kept = 53 &- max(0, -1022 &- binaryExponent)
        guard kept >= 1 else { return nil }
        let isExact = PowersOfTen.exactExponents.contains(exponent) && lower.low == 0
        guard let rounded = round(product, dropping: leading &+ 1 &- kept, isExact: isExact) else { return nil }
        let bits = rounded &+ UInt64(max(binaryExponent &+ 1022, 0)) &<< 52
        return Double(bitPattern: min(bits, Double.infinity.bitPattern))
    }

    private static func round(_ product: UInt128, dropping dropped: Int, isExact: Bool) -> UInt64? {
        let kept = UInt64(truncatingIfNeeded: product >> dropped)
        let rest = product & ((1 << dropped) &- 1)
        let half = UInt128(1) << (dropped &- 1)
        if rest > half { return kept &+ 1 }
        if rest &+ 2 <= half { return kept }
        guard isExact else { return nil }
        return rest == half ? kept &+ (kept & 1) : kept
    }

    /// The C library's result, for the few numbers that lie at or next to the middle between two doubles.
    ///
    /// No such middle has more than 767 digits, so that more than 800 are as good as a 1 after the first 800.
    private static func magnitude(of text: UnsafeBufferPointer<UInt8>) -> Double {
        let digits = SignificantDigits(of: text, limit: 800)
        var characters = digits.bytes.map { CChar(bitPattern: $0) }
        var exponent = digits.exponent
        if digits.isTruncated {
            characters.append(CChar(bitPattern: UInt8(ascii: "1")))
            exponent -= 1
        }
        characters += "e\(exponent)".utf8CString
        return strtod(characters, nil)
    }
}
