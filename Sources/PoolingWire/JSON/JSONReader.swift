import PoolingEngine
import RecycledMemory

/// Reads JSON (RFC 8259, strictly) from bytes that the caller keeps in place.
///
/// A caller asks for the kind of value that it expects next. Bytes that are not JSON throw
/// ``WireError/malformed(_:offset:detail:)`` at once. What is wrong with well-formed JSON goes to ``reject(_:at:)``,
/// because the rest must still be JSON for the response to be about it.
struct JSONReader {
    /// Arrays and objects may be nested this deep.
    static let maximumDepth = 64

    let bytes: UnsafeBufferPointer<UInt8>
    /// Whether `NaN`, `Infinity` and `-Infinity` are numbers, as some clients write them.
    let allowsBareNonFinite: Bool
    let powers = PowersOfTen.shared
    let workspace: Workspace

    var position = 0
    var depth = 0
    var path = JSONPath()
    /// Values kept so far as ``FieldValue``; see ``keptValueLimit``.
    var keptValues = 0
    /// Characters of names and strings kept so far; see ``keptTextLimit``.
    var keptText = 0
    private var nextCheckpoint = 0
    private(set) var rejection: (offset: Int, rejection: PoolingError)?

    init(
        _ body: UnsafeRawBufferPointer, allowsBareNonFinite: Bool = false, in workspace: Workspace = Workspace()
    ) {
        bytes = body.bindMemory(to: UInt8.self)
        self.allowsBareNonFinite = allowsBareNonFinite
        self.workspace = workspace
    }

    /// A reader of the value at `position` alone, whose pointers start there and whose limits begin anew.
    func entry(at position: Int) -> JSONReader {
        var entry = self
        entry.position = position
        entry.path = JSONPath()
        entry.rejection = nil
        (entry.keptValues, entry.keptText) = (0, 0)
        return entry
    }

    /// Bytes between two looks at whether to stop: a millisecond or two at most.
    private static let checkpointDistance = 64 << 10

    /// Throws where the reading should stop; called for each value, so that it mostly only compares.
    @inline(__always)
    mutating func checkpoint() throws(WireError) {
        if position >= nextCheckpoint { try lookUp() }
    }

    @inline(never)
    private mutating func lookUp() throws(WireError) {
        nextCheckpoint = position + Self.checkpointDistance
        try workspace.checkpoint()
    }

    /// The byte at ``position``; 0, which JSON has no use for, at the end.
    @inline(__always)
    var next: UInt8 { position < bytes.count ? bytes[position] : 0 }

    /// Notes a mistake in well-formed JSON; the first one in the body is kept.
    mutating func reject(_ rejection: PoolingError, at offset: Int) {
        if let first = self.rejection, first.offset <= offset { return }
        self.rejection = (offset, rejection)
    }

    /// Throws the mistake that ``reject(_:at:)`` has noted, if any.
    func throwRejection() throws(WireError) {
        if let rejection { throw .rejected(rejection.rejection) }
    }

    // MARK: Characters

    @inline(__always)
    mutating func skipWhitespace() {
        while position < bytes.count, Self.isWhitespace(bytes[position]) { position += 1 }
    }

    @inline(__always)
    static func isWhitespace(_ byte: UInt8) -> Bool {
        byte == 0x20 || byte == 0x0a || byte == 0x0d || byte == 0x09
    }

    /// Takes `character`, or says that `expected` was to come.
    mutating func take(_ character: UInt8, expecting expected: @autoclosure () -> String) throws(WireError) {
        guard position < bytes.count, bytes[position] == character else { throw unexpected(expecting: expected()) }
        position += 1
    }

    /// Takes `word` if it comes next.
    mutating func takeWord(_ word: StaticString) -> Bool {
        let count = word.utf8CodeUnitCount
        guard bytes.count - position >= count else { return false }
        for index in 0..<count where bytes[position + index] != word.utf8Start[index] { return false }
        position += count
        return true
    }

    /// Takes `true`, `false` or `null`.
    mutating func takeLiteral() throws(WireError) -> FieldValue {
        if takeWord("true") { return .bool(true) }
        if takeWord("false") { return .bool(false) }
        if takeWord("null") { return .null }
        throw foreignWord ?? unexpected(expecting: "a value")
    }

    /// Takes a number's text.
    mutating func takeNumber() throws(WireError) -> Decimal {
        do {
            let number = try Decimal(bytes, from: position)
            position += number.text.count
            return number
        } catch {
            throw foreignWord ?? malformed(at: error.offset, error.detail)
        }
    }

    /// Takes a bare `NaN`, `Infinity` or `-Infinity`, where they are allowed.
    mutating func takeBareNonFinite() -> Double? {
        guard allowsBareNonFinite else { return nil }
        if takeWord("NaN") { return .nan }
        if takeWord("Infinity") { return .infinity }
        if takeWord("-Infinity") { return -.infinity }
        return nil
    }

    /// Takes white space up to the end of the document.
    mutating func takeEnd() throws(WireError) {
        skipWhitespace()
        guard position == bytes.count else { throw unexpected(expecting: "the end of the JSON") }
    }

    // MARK: Mistakes

    func malformed(at offset: Int, _ detail: String) -> WireError {
        .malformed(.json, offset: offset, detail: "\(detail) (byte \(offset))")
    }

    func unexpected(expecting expected: String) -> WireError {
        guard position < bytes.count else {
            return malformed(at: position, "expected \(expected), got the end of the JSON")
        }
        return malformed(at: position, "expected \(expected), got \(Self.name(of: bytes[position]))")
    }

    /// Words that other languages write where JSON has another.
    private static let foreignWords: [(word: String, json: String)] = [
        ("NaN", "\"NaN\""), ("Infinity", "\"Infinity\""), ("-Infinity", "\"-Infinity\""), ("nan", "\"NaN\""),
        ("inf", "\"Infinity\""), ("-inf", "\"-Infinity\""), ("True", "true"), ("False", "false"), ("None", "null"),
    ]

    /// The mistake where such a word comes next.
    private var foreignWord: WireError? {
        let rest = bytes[min(position, bytes.count)...]
        guard let known = Self.foreignWords.first(where: { rest.starts(with: $0.word.utf8) }) else { return nil }
        return malformed(at: position, "\(known.word) is not valid JSON; write \(known.json)")
    }

    private static func name(of byte: UInt8) -> String {
        guard byte != UInt8(ascii: "'") else { return "a single quote" }
        guard (0x21..<0x7f).contains(byte) else { return "byte value \(byte)" }
        return "'\(Character(UnicodeScalar(byte)))'"
    }
}
