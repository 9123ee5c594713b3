import PoolingEngine

/// The names that the Open Inference Protocol has for element types.
enum OpenInferenceType {
    static let names: [(name: String, elementType: ElementType)] = [
        ("FP32", .float32), ("FP64", .float64), ("FP16", .float16), ("BF16", .bfloat16),
        ("INT8", .int8), ("UINT8", .uint8), ("INT16", .int16), ("UINT16", .uint16), ("INT32", .int32),
        ("INT64", .int64), ("BOOL", .bool),
    ]

    static let allNames = names.map(\.name).joined(separator: ", ")

    static func elementType(named name: String) -> ElementType? {
        names.first { $0.name == name }?.elementType
    }

    /// The name for what other frameworks call so.
    static func hint(for name: String) -> String {
        let known = ElementType.allCases.map(\.rawValue)
        guard let word = NameHint.suggestion(for: name, among: known, .elementTypes)?.word,
            let type = ElementType(rawValue: word)
        else { return "" }
        return "; did you mean '\(Self.name(of: type))'?"
    }

    static func name(of elementType: ElementType) -> String {
        names.first { $0.elementType == elementType }?.name ?? ""
    }
}
