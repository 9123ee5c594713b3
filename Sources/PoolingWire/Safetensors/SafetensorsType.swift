import PoolingEngine

/// The names that safetensors has for element types.
enum SafetensorsType {
    private static let names: [(name: String, elementType: ElementType)] = [
        ("F64", .float64), ("F32", .float32), ("F16", .float16), ("BF16", .bfloat16),
        ("I64", .int64), ("I32", .int32), ("I16", .int16), ("I8", .int8), ("U16", .uint16), ("U8", .uint8),
        ("BOOL", .bool),
    ]

    static let allNames = names.map(\.name).joined(separator: ", ")

    static func elementType(named name: String) -> ElementType? {
        names.first { $0.name == name }?.elementType
    }

    static func name(of elementType: ElementType) -> String {
        names.first { $0.elementType == elementType }?.name ?? ""
    }
}
