/// Text as bytes, written without intermediate strings.
extension [UInt8] {
    mutating func append(text: String) { append(contentsOf: text.utf8) }

    mutating func append(text: StaticString) {
        append(contentsOf: UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
    }

    mutating func append(decimal value: Int) {
        append(addingCapacity: 20) { $0.append(decimal: value) }
    }

    /// Nanoseconds as milliseconds with three digits after the point.
    mutating func append(milliseconds nanoseconds: UInt64) {
        append(addingCapacity: 24) { text in
            let microseconds = Int(nanoseconds / 1000)
            text.append(decimal: microseconds / 1000)
            text.append(UInt8(ascii: "."))
            text.append(padded: microseconds % 1000, width: 3)
        }
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

/// Text into room that is there.
extension OutputSpan<UInt8> {
    mutating func append(_ text: StaticString) {
        for index in 0..<text.utf8CodeUnitCount { append(text.utf8Start[index]) }
    }

    mutating func append(decimal value: Int) {
        if value < 0 { append(UInt8(ascii: "-")) }
        append(decimal: value.magnitude)
    }

    private mutating func append(decimal value: UInt) {
        if value >= 10 { append(decimal: value / 10) }
        append(UInt8(ascii: "0") + UInt8(value % 10))
    }

    /// A number of `width` digits with zeros in front; `value` is not negative.
    mutating func append(padded value: Int, width: Int) {
        if width > 1 { append(padded: value / 10, width: width - 1) }
        append(UInt8(ascii: "0") + UInt8(value % 10))
    }
}
