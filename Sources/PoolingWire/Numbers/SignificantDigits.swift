/// The digits of a number's text from its first to its last that is not zero, at most `limit` of them.
struct SignificantDigits {
    /// The digits as ASCII.
    private(set) var bytes: [UInt8] = []
    /// The power of ten of the last digit in ``bytes``.
    private(set) var exponent = 0
    /// Whether digits other than zero were left out.
    private(set) var isTruncated = false

    /// - Parameter text: a number that JSON allows.
    init(of text: UnsafeBufferPointer<UInt8>, limit: Int) {
        let mantissaEnd = text.firstIndex { $0 | 0x20 == UInt8(ascii: "e") } ?? text.count
        var isFraction = false
        for character in text[..<mantissaEnd] {
            switch character {
            case UInt8(ascii: "-"): continue
            case UInt8(ascii: "."): isFraction = true
            default: take(character, isFraction: isFraction, limit: limit)
            }
        }
        while bytes.last == UInt8(ascii: "0") {
            bytes.removeLast()
            exponent += 1
        }
        var scanner = DecimalScanner(bytes: text, position: mantissaEnd)
        exponent += (try? scanner.takeExponent()) ?? 0
    }

    private mutating func take(_ character: UInt8, isFraction: Bool, limit: Int) {
        if bytes.count < limit {
            if !bytes.isEmpty || character != UInt8(ascii: "0") { bytes.append(character) }
            if isFraction { exponent -= 1 }
        } else {
            if character != UInt8(ascii: "0") { isTruncated = true }
            if !isFraction { exponent += 1 }
        }
    }
}
