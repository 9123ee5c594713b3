/// A JSON value that still knows how it was written.
///
/// Numbers stay text, so that a comparison can read them as their type, and `source` is the very
/// bytes, so that a request is sent as it was recorded.
package struct GoldenJSON: Sendable {
    package enum Value: Sendable {
        case object([String: GoldenJSON])
        case array([GoldenJSON])
        case number(String)
        case string(String)
        case bool(Bool)
        case null
    }

    /// What is wrong with the text, and where.
    package struct SyntaxError: Error, CustomStringConvertible {
        package let description: String
    }

    package let value: Value
    package let source: ArraySlice<UInt8>

    package init(_ text: [UInt8]) throws(SyntaxError) {
        var reader = GoldenJSONReader(text)
        self = try reader.readDocument()
    }

    init(_ value: Value, source: ArraySlice<UInt8>) {
        self.value = value
        self.source = source
    }

    package subscript(name: String) -> GoldenJSON? {
        guard case .object(let members) = value else { return nil }
        return members[name]
    }

    package var members: [String: GoldenJSON] {
        guard case .object(let members) = value else { return [:] }
        return members
    }

    package var elements: [GoldenJSON]? {
        guard case .array(let elements) = value else { return nil }
        return elements
    }

    package var string: String? {
        guard case .string(let string) = value else { return nil }
        return string
    }

    package var isNull: Bool {
        guard case .null = value else { return false }
        return true
    }

    /// The text of a number, or a string that may be one of the non-finite numbers.
    package var scalar: String? {
        switch value {
        case .number(let text), .string(let text): text
        case .object, .array, .bool, .null: nil
        }
    }

    package var integer: Int? { numberText.flatMap { Int($0) } }

    package var double: Double? { numberText.flatMap { Double($0) } }

    /// The start of the text, for messages.
    package var excerpt: String {
        let text = String(decoding: source.prefix(120), as: UTF8.self)
        return source.count > 120 ? text + "…" : text
    }

    private var numberText: String? {
        guard case .number(let text) = value else { return nil }
        return text
    }
}
