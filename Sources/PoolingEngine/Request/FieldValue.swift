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
