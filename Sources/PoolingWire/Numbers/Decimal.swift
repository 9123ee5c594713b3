/// A number as JSON writes it, taken apart and not yet rounded to any type.
///
/// The number is `significand` · 10^`exponent`. With more than 19 significant digits `isTruncated` is set, the
/// significand holds the first 19 of them, and the text decides where those do not.
struct Decimal {
    let isNegative: Bool
    let significand: UInt64
    let exponent: Int
    let isTruncated: Bool
    let text: UnsafeBufferPointer<UInt8>

    var isZero: Bool { significand == 0 }

    /// What is wrong with a text that is no number, and where.
    struct Mistake: Error {
        let offset: Int
        let detail: String
    }

    /// The longest text that ``init(plain:powers:)`` looks at.
    static let plainTextReach = 32

    /// Takes a number of the usual form: no exponent, at most seven digits before the point, nineteen in all.
    ///
    /// Reads ``plainTextReach`` bytes, whatever they are. Nil says only that ``init(_:from:)`` has to look.
    @inline(__always)
    init?(plain start: UnsafePointer<UInt8>, powers: PowersOfTen) {
        let isNegative = start.pointee == UInt8(ascii: "-")
        let digits = start + (isNegative ? 1 : 0)
        let whole = EightDigits(at: digits)
        let wholeCount = whole.count
        guard 1...7 ~= wholeCount, wholeCount == 1 || digits.pointee != UInt8(ascii: "0") else { return nil }
        var significand = wholeCount == 1 ? whole.word & 0xff : whole.value(ofFirst: wholeCount)
        var end = digits + wholeCount
        var exponent = 0
        if end.pointee == UInt8(ascii: ".") {
            let first = EightDigits(at: end + 1)
            let second = EightDigits(at: end + 9)
            // Lengths vary from number to number, so that a branch here would be mispredicted: 8 >> 3 is 1, less is 0.
            let firstCount = first.count
            var count = firstCount &+ second.count &* (firstCount >> 3)
            guard count > 0, wholeCount &+ count <= 19 else { return nil }
            let aligned = (UInt128(second.word) << 64 | UInt128(first.word)) &<< UInt128(128 &- 8 &* count)
            let upper = EightDigits(word: UInt64(truncatingIfNeeded: aligned)).value
            let lower = EightDigits(word: UInt64(truncatingIfNeeded: aligned >> 64)).value
            significand = significand &* powers.integer(count) &+ upper &* 100_000_000 &+ lower
            end += 1 &+ count
            if count == 16 {
                while case let digit = end.pointee &- UInt8(ascii: "0"), digit <= 9 {
                    guard wholeCount &+ count < 19 else { return nil }
                    significand = significand &* 10 &+ UInt64(digit)
                    count &+= 1
                    end += 1
                }
            }
            exponent = 0 &- count
        }
        guard end.pointee | 0x20 != UInt8(ascii: "e") else { return nil }
        self.isNegative = isNegative
        self.significand = significand
        self.exponent = exponent
        isTruncated = false
        text = UnsafeBufferPointer(start: start, count: end - start)
    }

    /// Takes the number that starts at `start` in `bytes`, as RFC 8259 has it, as far as it goes.
    init(_ bytes: UnsafeBufferPointer<UInt8>, from start: Int) throws(Mistake) {
        var scanner = DecimalScanner(bytes: bytes, position: start)
        let isNegative = scanner.skip(UInt8(ascii: "-"))
        try scanner.takeWholePart()
        try scanner.takeFraction()
        let written = try scanner.takeExponent()
        self.isNegative = isNegative
        significand = scanner.significand
        exponent = scanner.significand == 0 ? 0 : scanner.exponent + written
        isTruncated = scanner.isTruncated
        text = UnsafeBufferPointer(rebasing: bytes[start..<scanner.position])
    }

    /// The exact value, where it is whole and within ±2^64.
    var whole: Int128? {
        guard let magnitude = isTruncated ? wholeFromText : wholeFromSignificand, magnitude <= 1 << 64 else {
            return nil
        }
        return isNegative ? -Int128(magnitude) : Int128(magnitude)
    }

    private var wholeFromSignificand: UInt128? {
        Self.scale(UInt128(significand), by: exponent)
    }

    /// From all digits but the zeros at the end; more than 38 are no whole number, or none below 2^64.
    private var wholeFromText: UInt128? {
        let digits = SignificantDigits(of: text, limit: 38)
        guard !digits.isTruncated else { return nil }
        let value = digits.bytes.reduce(into: UInt128(0)) { $0 = $0 * 10 + UInt128($1 - UInt8(ascii: "0")) }
        return Self.scale(value, by: digits.exponent)
    }

    private static func scale(_ significand: UInt128, by exponent: Int) -> UInt128? {
        guard significand != 0 else { return 0 }
        var value = significand
        guard (-38...19).contains(exponent) else { return nil }
        for _ in 0..<abs(exponent) {
            if exponent > 0 {
                let (product, overflow) = value.multipliedReportingOverflow(by: 10)
                guard !overflow else { return nil }
                value = product
            } else {
                let (quotient, remainder) = value.quotientAndRemainder(dividingBy: 10)
                guard remainder == 0 else { return nil }
                value = quotient
            }
        }
        return value
    }
}
