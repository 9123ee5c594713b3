/// Goes through the text of one number, character by character.
struct DecimalScanner {
    let bytes: UnsafeBufferPointer<UInt8>
    var position: Int
    private(set) var significand: UInt64 = 0
    /// The power of ten that the digits taken so far ask for.
    private(set) var exponent = 0
    private(set) var isTruncated = false
    private var significantDigits = 0

    /// 10^19 still fits 64 bits.
    private static let significantDigitLimit = 19
    /// Beyond every type's range, even with all the digits that a body can hold.
    private static let writtenExponentLimit = 1 << 40

    init(bytes: UnsafeBufferPointer<UInt8>, position: Int) {
        self.bytes = bytes
        self.position = position
    }

    private var digit: UInt8? {
        guard position < bytes.count else { return nil }
        let digit = bytes[position] &- UInt8(ascii: "0")
        return digit <= 9 ? digit : nil
    }

    mutating func skip(_ character: UInt8) -> Bool {
        guard position < bytes.count, bytes[position] == character else { return false }
        position += 1
        return true
    }

    mutating func takeWholePart() throws(Decimal.Mistake) {
        let start = position
        try requireDigit()
        while let digit {
            take(digit, isFraction: false)
        }
        if bytes[start] == UInt8(ascii: "0"), position > start + 1 {
            throw Decimal.Mistake(offset: start + 1, detail: "a number has a leading zero")
        }
    }

    mutating func takeFraction() throws(Decimal.Mistake) {
        guard skip(UInt8(ascii: ".")) else { return }
        try requireDigit()
        while let digit {
            take(digit, isFraction: true)
        }
    }

    mutating func takeExponent() throws(Decimal.Mistake) -> Int {
        guard skip(UInt8(ascii: "e")) || skip(UInt8(ascii: "E")) else { return 0 }
        let isNegative = skip(UInt8(ascii: "-"))
        if !isNegative { _ = skip(UInt8(ascii: "+")) }
        try requireDigit()
        var written = 0
        while let digit {
            written = min(written * 10 + Int(digit), Self.writtenExponentLimit)
            position += 1
        }
        return isNegative ? -written : written
    }

    private func requireDigit() throws(Decimal.Mistake) {
        guard digit == nil else { return }
        throw Decimal.Mistake(offset: position, detail: "a number lacks a digit")
    }

    private mutating func take(_ digit: UInt8, isFraction: Bool) {
        position += 1
        if significantDigits < Self.significantDigitLimit {
            significand = significand * 10 + UInt64(digit)
            if significand != 0 { significantDigits += 1 }
            if isFraction { exponent -= 1 }
        } else {
            if digit != 0 { isTruncated = true }
            if !isFraction { exponent += 1 }
        }
    }
}
