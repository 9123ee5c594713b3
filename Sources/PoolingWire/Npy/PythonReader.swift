/// Reads the few Python literals of a `.npy` header.
struct PythonReader {
    private let bytes: UnsafeRawBufferPointer
    private let end: Int
    private(set) var position: Int

    init(_ bytes: UnsafeRawBufferPointer, range: Range<Int>) {
        self.bytes = bytes
        self.end = range.upperBound
        self.position = range.lowerBound
    }

    /// Whether `character` comes next, after white space.
    mutating func isNext(_ character: Unicode.Scalar) -> Bool {
        skipWhitespace()
        return position < end && bytes[position] == UInt8(ascii: character)
    }

    mutating func takeIfNext(_ character: Unicode.Scalar) -> Bool {
        guard isNext(character) else { return false }
        position += 1
        return true
    }

    mutating func take(_ character: Unicode.Scalar) throws(WireError) {
        guard takeIfNext(character) else { throw unexpected("'\(character)'") }
    }

    /// A string in single or double quotes, of printable ASCII without escapes.
    mutating func takeString() throws(WireError) -> String {
        let quote: Unicode.Scalar = isNext("\"") ? "\"" : "'"
        try take(quote)
        let start = position
        while position < end, bytes[position] != UInt8(ascii: quote) {
            guard (0x20..<0x7f).contains(bytes[position]), bytes[position] != UInt8(ascii: "\\") else {
                throw unexpected("plain text")
            }
            position += 1
        }
        let text = String(decoding: bytes[start..<position], as: UTF8.self)
        try take(quote)
        return text
    }

    mutating func takeBool() throws(WireError) -> Bool {
        skipWhitespace()
        for (word, value) in [("True", true), ("False", false)] where takeWord(word) { return value }
        throw unexpected("True or False")
    }

    /// A tuple of whole numbers that are not negative; one alone needs its comma, as in Python.
    mutating func takeTuple() throws(WireError) -> [Int] {
        var elements: [Int] = []
        try take("(")
        while !takeIfNext(")") {
            guard elements.count < TensorBytes.highestRank else { throw unexpected("at most 64 sizes") }
            elements.append(try takeWhole())
            guard takeIfNext(",") || (elements.count > 1 && isNext(")")) else { throw unexpected("','") }
        }
        return elements
    }

    /// White space up to the end.
    mutating func takeEnd() throws(WireError) {
        skipWhitespace()
        guard position == end else { throw unexpected("the end of the header") }
    }

    func unexpected(_ expected: String) -> WireError {
        NpyHeader.malformed("the header is not as numpy writes it; expected \(expected)", at: position)
    }

    private mutating func takeWhole() throws(WireError) -> Int {
        skipWhitespace()
        let start = position
        while position < end, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(bytes[position]) { position += 1 }
        let digitsEnd = position
        // Python 2 marks long integers.
        if position < end, bytes[position] == UInt8(ascii: "L") { position += 1 }
        let digits = String(decoding: bytes[start..<digitsEnd], as: UTF8.self)
        guard let value = Int(digits), digits == "0" || !digits.hasPrefix("0") else {
            position = start
            throw unexpected("a whole number")
        }
        return value
    }

    private mutating func takeWord(_ word: String) -> Bool {
        guard bytes[position..<end].starts(with: word.utf8) else { return false }
        position += word.utf8.count
        return true
    }

    private mutating func skipWhitespace() {
        while position < end, " \t\n\r\u{c}".utf8.contains(bytes[position]) { position += 1 }
    }
}
