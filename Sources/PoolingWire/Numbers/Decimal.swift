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

    /// What is wrong with a text that is no number, and where.
    struct Mistake: Error {
        let offset: Int
        let detail: String
    }

    init(
        isNegative: Bool, significand: UInt64, exponent: Int, isTruncated: Bool = false,
        text: UnsafeBufferPointer<UInt8>
    ) {
        self.isNegative = isNegative
        self.significand = significand
        self.exponent = exponent
        self.isTruncated = isTruncated
        self.text = text
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
