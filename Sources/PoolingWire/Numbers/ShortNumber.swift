/// The text of a number of fewer than sixteen characters, taken from sixteen bytes at once.
///
/// In a loop over many numbers each begins where the last one ends, so the end is found first and in few steps. Lengths
/// vary from number to number, so that a branch on them would be mispredicted.
struct ShortNumber {
    private let start: UnsafePointer<UInt8>
    /// How many characters the sign takes.
    private let sign: Int
    /// The first eight characters, with a zero in place of a minus.
    private let first: EightDigits
    private let second: EightDigits
    /// The high bit of the first byte of the eight that is not the number's, and of some after it.
    private let firstEnds: UInt64

    @inline(__always)
    init(at start: UnsafePointer<UInt8>) {
        self.start = start
        let signed = EightDigits(at: start)
        second = EightDigits(at: start + 8)
        firstEnds = signed.others & ~signed.points & ~0xff
        sign = start.pointee == UInt8(ascii: "-") ? 1 : 0
        first = EightDigits(word: signed.word & ~(0xff &* UInt64(sign)))
    }

    /// The number; nil where the text has another form or goes on, which says nothing about its validity.
    @inline(__always)
    var decimal: Decimal? {
        let points = first.points & (firstEnds ^ (firstEnds &- 1))
        return points == 0 ? whole : fraction(points)
    }

    /// A number without a point, of fewer than eight characters.
    @inline(__always)
    private var whole: Decimal? {
        let length = firstEnds.trailingZeroBitCount >> 3
        guard length < 8, isWholePart(length) else { return nil }
        return decimal(
            EightDigits(word: 0), EightDigits(word: first.word &<< UInt64(64 - 8 * length)), length, places: 0)
    }

    /// A number with its point among the first eight characters.
    @inline(__always)
    private func fraction(_ points: UInt64) -> Decimal? {
        let firstLength = firstEnds.trailingZeroBitCount
        let secondEnds = second.others & ~second.points
        let length = (firstLength &+ secondEnds.trailingZeroBitCount & (0 &- firstLength >> 6)) >> 3
        let point = points.trailingZeroBitCount >> 3
        let places = length &- point &- 1
        guard isWholePart(point), places > 0, length < 16 else { return nil }
        // The digits before the point take its place.
        let moved = points ^ (points &- 1)
        let joined = first.word & ~moved | first.word << 8 & moved
        let aligned = (UInt128(second.word) << 64 | UInt128(joined)) &<< UInt128(128 &- 8 &* length)
        return decimal(
            EightDigits(word: UInt64(truncatingIfNeeded: aligned)),
            EightDigits(word: UInt64(truncatingIfNeeded: aligned >> 64)), length, places: places)
    }

    /// Whether the text up to `end` has digits, the first of which is no needless zero.
    @inline(__always)
    private func isWholePart(_ end: Int) -> Bool {
        let count = end &- sign
        return count == 1 || count > 1 && start[sign] != UInt8(ascii: "0")
    }

    /// The number that both words make, if they are digits and no exponent follows.
    @inline(__always)
    private func decimal(_ upper: EightDigits, _ lower: EightDigits, _ length: Int, places: Int) -> Decimal? {
        guard upper.others | lower.others == 0, start[length] | 0x20 != UInt8(ascii: "e") else { return nil }
        return Decimal(
            isNegative: sign == 1, significand: upper.value &* 100_000_000 &+ lower.value, exponent: 0 &- places,
            text: UnsafeBufferPointer(start: start, count: length))
    }
}
