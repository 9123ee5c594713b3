import PoolingEngine

extension ElementTypeNames {
    /// Those of safetensors, which has all types.
    static let safetensors = ElementTypeNames([
        "F64": .float64, "F32": .float32, "F16": .float16, "BF16": .bfloat16,
        "I64": .int64, "I32": .int32, "I16": .int16, "I8": .int8, "U16": .uint16, "U8": .uint8,
        "BOOL": .bool,
    ])
}
