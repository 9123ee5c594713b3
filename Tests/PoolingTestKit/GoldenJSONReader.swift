/// Reads JSON for ``GoldenJSON``: plain, and apart from the service's own reader, which it helps to check.
struct GoldenJSONReader {
    private let text: [UInt8]
    private var position = 0

    init(_ text: [UInt8]) {
        self.text = text
    }

    mutating func readDocument() throws(GoldenJSON.SyntaxError) -> GoldenJSON {
        let document = try readValue()
        skipSpace()
        guard position == text.count else { throw mistake("the end") }
        return document
    }

    private mutating func readValue() throws(GoldenJSON.SyntaxError) -> GoldenJSON {
        skipSpace()
        let start = position
        let value: GoldenJSON.Value
        switch peek {
        case UInt8(ascii: "{"): value = .object(try readObject())
        case UInt8(ascii: "["): value = .array(try readArray())
        case UInt8(ascii: "\""): value = .string(try readString())
        case UInt8(ascii: "t"): value = try readWord("true", .bool(true))
        case UInt8(ascii: "f"): value = try readWord("false", .bool(false))
        case UInt8(ascii: "n"): value = try readWord("null", .null)
        default: value = .number(try readNumber())
        }
        return GoldenJSON(value, source: text[start..<position])
    }

    private mutating func readObject() throws(GoldenJSON.SyntaxError) -> [String: GoldenJSON] {
        var members: [String: GoldenJSON] = [:]
        position += 1
        skipSpace()
        guard !take("}") else { return members }
        repeat {
            skipSpace()
            guard peek == UInt8(ascii: "\"") else { throw mistake("a name") }
            let name = try readString()
            skipSpace()
            guard take(":") else { throw mistake("a colon") }
            guard members.updateValue(try readValue(), forKey: name) == nil else { throw mistake("a new name") }
            skipSpace()
        } while take(",")
        guard take("}") else { throw mistake("a closing brace") }
        return members
    }

    private mutating func readArray() throws(GoldenJSON.SyntaxError) -> [GoldenJSON] {
        var elements: [GoldenJSON] = []
        position += 1
        skipSpace()
        guard !take("]") else { return elements }
        repeat {
            elements.append(try readValue())
            skipSpace()
        } while take(",")
        guard take("]") else { throw mistake("a closing bracket") }
        return elements
    }

    private mutating func readNumber() throws(GoldenJSON.SyntaxError) -> String {
        let start = position
        while let byte = peek, Self.numberBytes.contains(byte) { position += 1 }
        let number = String(decoding: text[start..<position], as: UTF8.self)
        guard Double(number) != nil else { throw mistake("a value") }
        return number
    }

    private mutating func readWord(
        _ word: StaticString, _ value: GoldenJSON.Value
    ) throws(GoldenJSON.SyntaxError) -> GoldenJSON.Value {
        let matches = word.withUTF8Buffer { text[position...].starts(with: $0) }
        guard matches else { throw mistake("\(word)") }
        position += word.utf8CodeUnitCount
        return value
    }

    private mutating func readString() throws(GoldenJSON.SyntaxError) -> String {
        position += 1
        var units: [UInt16] = []
        var run = position
        while let byte = peek, byte != UInt8(ascii: "\"") {
            guard byte == UInt8(ascii: "\\") else {
                position += 1
                continue
            }
            units += String(decoding: text[run..<position], as: UTF8.self).utf16
            units.append(try readEscape())
            run = position
        }
        let rest = String(decoding: text[run..<position], as: UTF8.self)
        guard take("\"") else { throw mistake("a closing quote") }
        return units.isEmpty ? rest : String(decoding: units + rest.utf16, as: UTF16.self)
    }

    private mutating func readEscape() throws(GoldenJSON.SyntaxError) -> UInt16 {
        position += 1
        guard let byte = peek else { throw mistake("an escape") }
        position += 1
        guard byte == UInt8(ascii: "u") else {
            guard let unit = Self.escapes[byte] else { throw mistake("an escape") }
            return unit
        }
        let digits = text[position...].prefix(4)
        guard digits.count == 4, let unit = UInt16(String(decoding: digits, as: UTF8.self), radix: 16) else {
            throw mistake("four hexadecimal digits")
        }
        position += 4
        return unit
    }

    private static let numberBytes = Set("+-.0123456789eE".utf8)
    private static let escapes: [UInt8: UInt16] = Dictionary(
        uniqueKeysWithValues: zip("\"\\/bfnrt".utf8, "\"\\/\u{8}\u{c}\n\r\t".utf16))

    private var peek: UInt8? { position < text.count ? text[position] : nil }

    private mutating func take(_ character: Unicode.Scalar) -> Bool {
        guard peek == UInt8(ascii: character) else { return false }
        position += 1
        return true
    }

    private mutating func skipSpace() {
        while let byte = peek, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 { position += 1 }
    }

    private func mistake(_ wanted: String) -> GoldenJSON.SyntaxError {
        GoldenJSON.SyntaxError(description: "expected \(wanted) at byte \(position)")
    }
}
