/// Undoes the percent-encoding of URLs, strictly.
package enum PercentEncoding {
    package enum Mistake: Error, Sendable {
        /// A `%` without two hexadecimal digits behind it; the offset is its own.
        case brokenEscape(offset: Int)
        case notUTF8
    }

    /// - Parameter plusIsSpace: whether `+` is a space, as it is in queries and nowhere else.
    package static func decode(_ text: some Collection<UInt8>, plusIsSpace: Bool) throws(Mistake) -> String {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.count)
        var rest = text[...]
        while let byte = rest.popFirst() {
            switch byte {
            case UInt8(ascii: "+") where plusIsSpace: bytes.append(UInt8(ascii: " "))
            case UInt8(ascii: "%"):
                let offset = text.count - rest.count - 1
                guard let high = rest.popFirst()?.hexadecimalDigit, let low = rest.popFirst()?.hexadecimalDigit else {
                    throw .brokenEscape(offset: offset)
                }
                bytes.append(high << 4 | low)
            default: bytes.append(byte)
            }
        }
        guard let string = String(validating: bytes, as: UTF8.self) else { throw .notUTF8 }
        return string
    }
}

extension UInt8 {
    /// The value of the hexadecimal digit that this character is; nil for another character.
    var hexadecimalDigit: UInt8? {
        switch self {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): self - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): self - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): self - UInt8(ascii: "A") + 10
        default: nil
        }
    }
}
