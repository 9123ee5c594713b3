/// Text as bytes, written without intermediate strings.
extension [UInt8] {
    mutating func append(text: String) { append(contentsOf: text.utf8) }

    mutating func append(text: StaticString) {
        append(contentsOf: UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
    }

    mutating func append(decimal value: Int) {
        append(addingCapacity: 20) { $0.append(decimal: value) }
    }

    mutating func append(milliseconds nanoseconds: UInt64) {
        append(addingCapacity: 24) { $0.append(milliseconds: nanoseconds) }
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
        write(text.utf8CodeUnitCount) { $0.update(from: text.utf8Start, count: text.utf8CodeUnitCount) }
    }

    mutating func append(decimal value: Int) {
        if value < 0 { append(UInt8(ascii: "-")) }
        var (width, bound) = (1, UInt(10))
        while value.magnitude >= bound, width < 19 { (width, bound) = (width + 1, bound * 10) }
        append(padded: value.magnitude, width: width)
    }

    /// Nanoseconds as milliseconds with three digits after the point: at most 24 characters.
    mutating func append(milliseconds nanoseconds: UInt64) {
        let microseconds = Int(nanoseconds / 1000)
        append(decimal: microseconds / 1000)
        append(UInt8(ascii: "."))
        append(padded: microseconds % 1000, width: 3)
    }

    /// A number of `width` digits with zeros in front; `value` is not negative.
    mutating func append(padded value: Int, width: Int) { append(padded: value.magnitude, width: width) }

    private mutating func append(padded value: UInt, width: Int) {
        write(width) { digits in
            var rest = value
            for index in (0..<width).reversed() {
                let (quotient, digit) = rest.quotientAndRemainder(dividingBy: 10)
                digits[index] = UInt8(ascii: "0") &+ UInt8(truncatingIfNeeded: digit)
                rest = quotient
            }
        }
    }

    /// Lets `body` write so many bytes, for which there must be room.
    private mutating func write(_ size: Int, _ body: (UnsafeMutablePointer<UInt8>) -> Void) {
        precondition(size <= freeCapacity)
        withUnsafeMutableBufferPointer { bytes, count in
            guard let start = bytes.baseAddress else { return }
            body(start + count)
            count += size
        }
    }
}
