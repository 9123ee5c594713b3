import CVectors
import PoolingEngine

extension JSONReader {
    /// A checked string: the range between its quotes.
    struct StringToken {
        let range: Range<Int>
        let hasEscapes: Bool
    }

    /// Takes the name of a member; nil where it is rejected because it is too long.
    mutating func takeName() throws(WireError) -> String? {
        let start = position
        return keep(try takeStringToken(), upTo: Self.nameLimit, "a name", at: start)
    }

    /// The text of a string; nil where it is rejected because it is too long.
    mutating func keep(_ token: StringToken, upTo limit: Int, _ what: String, at start: Int) -> String? {
        guard token.range.count <= limit else {
            reject(
                PoolingError(
                    .wrongLength, at: path.pointer(), "\(what) has \(token.range.count) bytes; at most \(limit) allowed"
                ),
                at: start)
            return nil
        }
        keptText += token.range.count
        guard keptText <= Self.keptTextLimit else {
            reject(
                PoolingError(
                    .wrongLength, at: path.pointer(), "names and strings have more than \(Self.keptTextLimit) bytes"),
                at: start)
            return nil
        }
        guard token.hasEscapes else { return String(decoding: bytes[token.range], as: UTF8.self) }
        return String(unsafeUninitializedCapacity: token.range.count) { unescape(token, into: $0) }
    }

    /// Takes a string without copying it.
    mutating func takeStringToken() throws(WireError) -> StringToken {
        let start = position + 1
        position = start
        var hasEscapes = false
        var isASCII = true
        while true {
            try checkpoint()
            skipPlainCharacters()
            guard position < bytes.count else { throw malformed(at: position, "the JSON ends within a string") }
            switch bytes[position] {
            case UInt8(ascii: "\""):
                let range = start..<position
                if !isASCII { try checkUTF8(range) }
                position = range.upperBound + 1
                return StringToken(range: range, hasEscapes: hasEscapes)
            case UInt8(ascii: "\\"):
                hasEscapes = true
                guard position + 1 < bytes.count else {
                    position = bytes.count
                    continue
                }
                position += try escape(at: position).length
            case 0x80...:
                isASCII = false
                position += 1
            default:
                throw malformed(at: position, "a control character in a string")
            }
        }
    }

    /// Skips ASCII other than quotes, backslashes and control characters.
    private mutating func skipPlainCharacters() {
        while let start = bytes.baseAddress, bytes.count - position >= 32 {
            let count = Int(cvectors_plain_characters(start + position))
            guard count == 32 else {
                position += count
                return
            }
            // Not `count`: where to look next does not depend on what is found here.
            position += 32
        }
        while position < bytes.count, 0x20..<0x80 ~= bytes[position], bytes[position] != UInt8(ascii: "\""),
            bytes[position] != UInt8(ascii: "\\")
        {
            position += 1
        }
    }

    private func checkUTF8(_ range: Range<Int>) throws(WireError) {
        do {
            _ = try UTF8Span(validating: UnsafeBufferPointer(rebasing: bytes[range]).span)
        } catch {
            throw malformed(at: range.lowerBound + error.byteOffsets.lowerBound, "a string is not UTF-8")
        }
    }

    // MARK: Escapes

    /// Writes what the escapes of a string make of it into `text`, which has room for as many bytes as the string.
    ///
    /// - Returns: how many bytes.
    func unescape(_ token: StringToken, into text: UnsafeMutableBufferPointer<UInt8>) -> Int {
        var (offset, count) = (token.range.lowerBound, 0)
        func append(_ byte: UInt8) {
            guard count < text.count else { return }
            text[count] = byte
            count += 1
        }
        while offset < token.range.upperBound {
            // All escapes have been checked.
            if bytes[offset] == UInt8(ascii: "\\"),
                let (scalar, length) = try? escape(at: offset)
            {
                for byte in UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter { append(byte) }
                offset += length
            } else {
                append(bytes[offset])
                offset += 1
            }
        }
        return count
    }

    private func escape(at offset: Int) throws(WireError) -> (scalar: UnicodeScalar, length: Int) {
        switch bytes[offset + 1] {
        case UInt8(ascii: "\""): return ("\"", 2)
        case UInt8(ascii: "\\"): return ("\\", 2)
        case UInt8(ascii: "/"): return ("/", 2)
        case UInt8(ascii: "b"): return ("\u{8}", 2)
        case UInt8(ascii: "f"): return ("\u{c}", 2)
        case UInt8(ascii: "n"): return ("\n", 2)
        case UInt8(ascii: "r"): return ("\r", 2)
        case UInt8(ascii: "t"): return ("\t", 2)
        case UInt8(ascii: "u"): return try unicodeEscape(at: offset)
        default: throw malformed(at: offset, "an unknown escape in a string")
        }
    }

    /// `\u0041`, or two of them that are a surrogate pair.
    private func unicodeEscape(at offset: Int) throws(WireError) -> (scalar: UnicodeScalar, length: Int) {
        let first = try codeUnit(at: offset)
        if let scalar = UnicodeScalar(first) { return (scalar, 6) }
        let follows = offset + 12 <= bytes.count && bytes[offset + 6] == UInt8(ascii: "\\")
        guard UTF16.isLeadSurrogate(first), follows, bytes[offset + 7] == UInt8(ascii: "u") else {
            throw malformed(at: offset, "a lone surrogate in a string")
        }
        let second = try codeUnit(at: offset + 6)
        guard UTF16.isTrailSurrogate(second) else { throw malformed(at: offset, "a lone surrogate in a string") }
        let scalar = UTF16.decode(UTF16.EncodedScalar([first, second]))
        return (scalar, 12)
    }

    private func codeUnit(at offset: Int) throws(WireError) -> UInt16 {
        var unit: UInt16 = 0
        for index in offset + 2..<offset + 6 {
            guard index < bytes.count, let digit = bytes[index].hexadecimalDigit else {
                throw malformed(at: offset, "an escape in a string lacks a hexadecimal digit")
            }
            unit = unit << 4 | UInt16(digit)
        }
        return unit
    }
}
