/// A number as a request wrote it: its nearest `Double`, and its exact value where that is a whole number.
///
/// Equal are numbers that are the same to the last bit: -0 is not 0, and NaN is NaN.
package struct FieldNumber: Hashable, Sendable {
    package let value: Double
    /// The exact value when it is whole and within ±2^64 (`1.0` and `1e2` are whole), else nil.
    package let whole: Int128?

    package init(value: Double, whole: Int128?) {
        self.value = value
        self.whole = whole
    }

    package init(_ whole: Int) {
        self.init(value: Double(whole), whole: Int128(whole))
    }

    package static func == (one: FieldNumber, other: FieldNumber) -> Bool {
        one.value.bitPattern == other.value.bitPattern && one.whole == other.whole
    }

    package func hash(into hasher: inout Hasher) { hasher.combine(value.bitPattern) }
}

/// A field of a request or a response that is no tensor.
package enum FieldValue: Hashable, Sendable {
    case null
    case bool(Bool)
    case number(FieldNumber)
    case string(String)
    case list([FieldValue])
    case object([Field])

    /// What this is, in the words of an error message.
    package var kind: String {
        switch self {
        case .null: "null"
        case .bool: "a boolean"
        case .number: "a number"
        case .string: "a string"
        case .list: "a list"
        case .object: "an object"
        }
    }
}

/// A named field, in the order in which it was written.
package struct Field: Hashable, Sendable {
    package let name: String
    package let value: FieldValue

    package init(_ name: String, _ value: FieldValue) {
        self.name = name
        self.value = value
    }
}
