import PoolingEngine

/// Fields that are written as text, in a query or in a parameter of the Open Inference Protocol.
enum FieldText {
    /// Reads the value of the field `name`.
    ///
    /// A number is a number, numbers with commas between them are a list, `true`, `false` and `null` are themselves,
    /// what begins with `[`, `{` or `"` is JSON, and all else is a string. Python's `True` and `False` are booleans, and
    /// so are `1` and `0` for fields that are true or false.
    ///
    /// `ops` also takes names with commas between them.
    static func value(of text: String, named name: String) throws(WireError) -> FieldValue {
        if name == opsName { return .list(text.split(separator: ",").map { .string(String($0)) }) }
        return switch text.utf8.first ?? 0 {
        case UInt8(ascii: "["), UInt8(ascii: "{"), UInt8(ascii: "\""):
            try json(text, named: name)
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"):
            truth(text, named: name) ?? numbers(text) ?? .string(text)
        default:
            switch text {
            case "true", "True": .bool(true)
            case "false", "False": .bool(false)
            case "null": .null
            default: .string(text)
            }
        }
    }

    private static let opsName = "ops"

    /// Whether this is the JSON of a list whose entries may have tensors.
    static func isList(_ text: String, named name: String) -> Bool {
        (name == opsName || name == "layers") && text.utf8.first == UInt8(ascii: "[")
    }

    /// The JSON of a tensor: the text itself, or a list where it is numbers with commas between them.
    static func tensorText(_ text: String) -> [UInt8] {
        let isBareList = text.utf8.contains(UInt8(ascii: ",")) && !"[{".utf8.contains(text.utf8.first ?? 0)
        return Array((isBareList ? "[\(text)]" : text).utf8)
    }

    private static func json(_ text: String, named name: String) throws(WireError) -> FieldValue {
        do throws(WireError) {
            return try JSONReader.value(of: Array(text.utf8))
        } catch .malformed(let malformation, _, let detail) {
            throw .malformed(
                malformation == .json ? .request : malformation, offset: nil,
                detail: "'\(name)' is not valid JSON: \(detail)")
        }
    }

    private static func truth(_ text: String, named name: String) -> FieldValue? {
        guard text == "1" || text == "0", FieldNames.booleans.contains(name) else { return nil }
        return .bool(text == "1")
    }

    private static func numbers(_ text: String) -> FieldValue? {
        guard case .list(let elements)? = try? JSONReader.value(of: Array("[\(text)]".utf8)) else { return nil }
        for element in elements {
            guard case .number = element else { return nil }
        }
        return elements.count == 1 ? elements[0] : .list(elements)
    }
}
