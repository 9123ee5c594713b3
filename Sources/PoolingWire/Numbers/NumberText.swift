/// Writes numbers as JSON text.
///
/// Nothing is written beyond ``maximumWidth`` bytes, all of which must be writable; each call returns how many count.
struct NumberText {
    /// Room for any number, with what is written past its end: a sign, 15 digits and a point, and three words after them.
    static let maximumWidth = 48
    private static let zero = UInt8(ascii: "0")

    /// The only float32 whose shortest text, 7.038531e-26, names a double from which float32 rounds to a neighbour.
    ///
    /// Found by writing and reading every float32; readers that round twice, as ours and numpy's, need one more digit.
    private static let roundedTwice = Float(bitPattern: 0x15ae_43fd)
    private static let roundedTwiceText: StaticString = "7.0385307e-26"

    let powers = PowersOfTen.shared

    /// Writes a float32; ``FloatTexts`` writes many.
    @inline(never)
    func write(_ value: Float, to text: UnsafeMutablePointer<UInt8>) -> Int {
        let magnitude = value.bitPattern & 0x7fff_ffff
        guard magnitude < Float.infinity.bitPattern else {
            return writeNonFinite(isNaN: value.isNaN, isNegative: value < 0, to: text)
        }
        let sign = writeSign(value.bitPattern >> 31, to: text)
        guard magnitude != 0 else { return sign + writeZero(isNegative: sign == 1, to: text + sign) }
        guard magnitude != Self.roundedTwice.bitPattern else {
            return sign + write(Self.roundedTwiceText, to: text + sign)
        }
        let field = Int(magnitude >> 23)
        let fraction = UInt64(magnitude & 0x7f_ffff)
        let parts = (
            significand: fraction | (field == 0 ? 0 : 1 << 23), exponent: max(field, 1) &- 150,
            lowerGapIsHalf: fraction == 0 && field > 1
        )
        return sign &+ writeShort(ShortestDecimal(narrow: parts, powers), to: text + sign)
    }

    func write(_ value: Double, to text: UnsafeMutablePointer<UInt8>) -> Int {
        guard value.isFinite else { return writeNonFinite(isNaN: value.isNaN, isNegative: value < 0, to: text) }
        let sign = writeSign(UInt32(truncatingIfNeeded: value.bitPattern >> 63), to: text)
        guard value != 0 else { return sign + writeZero(isNegative: sign == 1, to: text + sign) }
        let field = Int(value.exponentBitPattern)
        let fraction = value.significandBitPattern
        let parts = (
            significand: fraction | (field == 0 ? 0 : 1 << 52), exponent: max(field, 1) &- 1075,
            lowerGapIsHalf: fraction == 0 && field > 1
        )
        return sign &+ writeLong(ShortestDecimal(wide: parts, powers), to: text + sign)
    }

    func write(_ value: some NarrowFloat, to text: UnsafeMutablePointer<UInt8>) -> Int {
        guard value.isFinite else {
            return writeNonFinite(isNaN: value.isNaN, isNegative: value.isNegative, to: text)
        }
        let sign = writeSign(value.isNegative ? 1 : 0, to: text)
        guard value.magnitude != 0 else { return sign + writeZero(isNegative: sign == 1, to: text + sign) }
        return sign &+ writeShort(ShortestDecimal(narrow: value.parts, powers), to: text + sign)
    }

    @inline(__always)
    func write(_ value: some FixedWidthInteger, to text: UnsafeMutablePointer<UInt8>) -> Int {
        let sign = writeSign(value < 0 ? 1 : 0, to: text)
        return sign &+ writeWhole(UInt64(value.magnitude), to: text + sign)
    }

    // MARK: Whole numbers

    @inline(__always)
    private func writeWhole(_ value: UInt64, to text: UnsafeMutablePointer<UInt8>) -> Int {
        guard value >= 100_000_000 else {
            let digits = EightDigits(of: value)
            let zeros = min(digits.word.trailingZeroBitCount >> 3, 7)
            store(digits.text &>> UInt64(8 &* zeros), to: text)
            return 8 &- zeros
        }
        return writeLongWhole(value, to: text)
    }

    /// Recursion ends after two steps: 2^64 has twenty digits.
    private func writeLongWhole(_ value: UInt64, to text: UnsafeMutablePointer<UInt8>) -> Int {
        let (upper, lower) = value.quotientAndRemainder(dividingBy: 100_000_000)
        let count = writeWhole(upper, to: text)
        store(EightDigits(of: lower).text, to: text + count)
        return count + 8
    }

    // MARK: Digits with a point or an exponent

    /// Where plain digits are written: the position of the point after the first digit, or before it, as in `0.001`.
    private static let plainPoints = -2...15
    /// The part of ``plainPoints`` where nine digits need no zeros after them.
    private static let shortPoints = -2...8

    /// Writes a decimal of at most nine digits.
    @inline(__always)
    private func writeShort(_ decimal: ShortestDecimal, to text: UnsafeMutablePointer<UInt8>) -> Int {
        let length = digitCount(decimal.significand)
        let point = length &+ decimal.exponent
        guard Self.shortPoints ~= point else { return writeLong(decimal, to: text) }
        let nine = decimal.significand &* powers.integer(9 &- length)
        return write(EightDigits(of: nine / 10), last: nine % 10, point: point, to: text)
    }

    /// Writes the digits of `upper` and the `last` one, the point after `point` of them.
    ///
    /// Digits are stored twice, before the point and after it, so that neither lengths nor positions need a branch.
    @inline(__always)
    private func write(
        _ upper: EightDigits, last: UInt64, point: Int, to text: UnsafeMutablePointer<UInt8>
    ) -> Int {
        let isFull = Int(truncatingIfNeeded: (last &+ 15) >> 4)
        let shortCount = upper.countWithoutTrailingZeros
        let count = shortCount &+ (9 &- shortCount) & (0 &- isFull)
        // All ones where nothing is before the point.
        let isSmall = (point &- 1) >> 63
        let wholeCount = point & ~isSmall
        let shift = 1 &+ (1 &- point) & isSmall
        let start = upper.text ^ (upper.text ^ 0x3030_3030_3030_2e30) & UInt64(bitPattern: Int64(isSmall))
        store(start, to: text)
        text[wholeCount &- isSmall] = UInt8(ascii: ".")
        store(upper.text &>> UInt64(truncatingIfNeeded: 8 &* wholeCount), to: text + shift + wholeCount)
        text[shift &+ 8] = Self.zero | UInt8(truncatingIfNeeded: last)
        return count <= point ? point : shift &+ count
    }

    /// Writes a decimal of at most seventeen digits.
    @inline(never)
    private func writeLong(_ decimal: ShortestDecimal, to text: UnsafeMutablePointer<UInt8>) -> Int {
        let length = digitCount(decimal.significand)
        let seventeen = decimal.significand &* powers.integer(17 &- length)
        let upper = EightDigits(of: seventeen / 1_000_000_000)
        let lower = EightDigits(of: seventeen % 1_000_000_000 / 10)
        let last = seventeen % 10
        let count =
            last != 0 ? 17 : lower.word != 0 ? 8 &+ lower.countWithoutTrailingZeros : upper.countWithoutTrailingZeros
        let point = length &+ decimal.exponent
        let isPlain = Self.plainPoints ~= point
        let zeros = isPlain ? max(0, 1 &- point) : 1
        store(0x3030_3030_3030_3030, to: text)
        store(upper.text, to: text + zeros)
        store(lower.text, to: text + zeros + 8)
        store(last ^ 0x3030_3030_3030_3030, to: text + zeros + 16)
        guard isPlain else { return writeExponential(digitCount: count, exponent: point &- 1, to: text) }
        guard count > point else { return point }
        insertPoint(at: max(point, 1), into: text)
        return zeros &+ count &+ 1
    }

    /// Moves the characters from `position` on by one and puts a point there.
    @inline(__always)
    private func insertPoint(at position: Int, into text: UnsafeMutablePointer<UInt8>) {
        let rest = UnsafeRawPointer(text + position)
        let parts = (
            rest.loadUnaligned(as: UInt64.self), rest.loadUnaligned(fromByteOffset: 8, as: UInt64.self),
            rest.loadUnaligned(fromByteOffset: 16, as: UInt64.self)
        )
        text[position] = UInt8(ascii: ".")
        let moved = UnsafeMutableRawPointer(text + position + 1)
        moved.storeBytes(of: parts.0, as: UInt64.self)
        moved.storeBytes(of: parts.1, toByteOffset: 8, as: UInt64.self)
        moved.storeBytes(of: parts.2, toByteOffset: 16, as: UInt64.self)
    }

    /// Completes the digits at `text + 1` to `d.ddde-5`.
    @inline(never)
    private func writeExponential(
        digitCount count: Int, exponent: Int, to text: UnsafeMutablePointer<UInt8>
    ) -> Int {
        text[0] = text[1]
        text[1] = UInt8(ascii: ".")
        var end = count == 1 ? 1 : count + 1
        text[end] = UInt8(ascii: "e")
        end += 1
        return end + write(exponent, to: text + end)
    }

    // MARK: Parts

    @inline(__always)
    private func digitCount(_ value: UInt64) -> Int {
        // ⌊bits · log10(2)⌋ is the count or one less.
        let estimate = ((64 &- value.leadingZeroBitCount) &* 1233) >> 12
        return estimate &+ (value >= powers.integer(estimate) ? 1 : 0)
    }

    @inline(__always)
    private func store(_ characters: UInt64, to text: UnsafeMutablePointer<UInt8>) {
        UnsafeMutableRawPointer(text).storeBytes(of: characters.littleEndian, as: UInt64.self)
    }

    @inline(__always)
    private func writeSign(_ isNegative: UInt32, to text: UnsafeMutablePointer<UInt8>) -> Int {
        text.pointee = UInt8(ascii: "-")
        return Int(isNegative)
    }

    /// A plain `0`; a negative one is `-0.0`, which no reader takes for an integer without a sign.
    @inline(never)
    private func writeZero(isNegative: Bool, to text: UnsafeMutablePointer<UInt8>) -> Int {
        store(0x30_2e30, to: text)
        return isNegative ? 3 : 1
    }

    @inline(never)
    private func writeNonFinite(isNaN: Bool, isNegative: Bool, to text: UnsafeMutablePointer<UInt8>) -> Int {
        let name: StaticString = isNaN ? "\"NaN\"" : isNegative ? "\"-Infinity\"" : "\"Infinity\""
        return write(name, to: text)
    }

    private func write(_ literal: StaticString, to text: UnsafeMutablePointer<UInt8>) -> Int {
        text.update(from: literal.utf8Start, count: literal.utf8CodeUnitCount)
        return literal.utf8CodeUnitCount
    }
}
