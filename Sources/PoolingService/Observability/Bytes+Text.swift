/// Text as bytes, written without intermediate strings.
extension [UInt8] {
    mutating func append(text: String) { append(contentsOf: text.utf8) }

    mutating func append(text: StaticString) {
        append(contentsOf: UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
    }

    mutating func append(decimal value: Int) {
        if value < 0 { append(UInt8(ascii: "-")) }
        append(decimal: UInt64(value.magnitude))
    }

    mutating func append(decimal value: UInt64) {
        if value >= 10 { append(decimal: value / 10) }
        append(UInt8(ascii: "0") + UInt8(value % 10))
    }

    /// A number of `width` digits with zeros in front; `value` is not negative.
    mutating func appendPadded(_ value: Int, width: Int) {
        if width > 1 { appendPadded(value / 10, width: width - 1) }
        append(UInt8(ascii: "0") + UInt8(value % 10))
    }

    /// Nanoseconds as milliseconds with three digits after the point.
    mutating func append(milliseconds nanoseconds: UInt64) {
        let microseconds = Int(nanoseconds / 1000)
        append(decimal: microseconds / 1000)
        append(UInt8(ascii: "."))
        appendPadded(microseconds % 1000, width: 3)
    }

    /// A JSON string with its quotes; everything that could break a line or a terminal is escaped.
    mutating func append(jsonString text: String) {
        append(UInt8(ascii: "\""))
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"): append(contentsOf: [UInt8(ascii: "\\"), byte])
            case 0..<0x20, 0x7F:
                append(text: "\\u00")
                append(hex: byte)
            default: append(byte)
            }
        }
        append(UInt8(ascii: "\""))
    }

    mutating func append(hex byte: UInt8) {
        for digit in [byte >> 4, byte & 15] {
            append(digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "a") + digit - 10)
        }
    }
}
