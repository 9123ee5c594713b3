import PoolingEngine

extension ElementTypeNames {
    /// Those of the Open Inference Protocol, which has all types.
    static let openInference = ElementTypeNames([
        "FP32": .float32, "FP64": .float64, "FP16": .float16, "BF16": .bfloat16,
        "INT8": .int8, "UINT8": .uint8, "INT16": .int16, "UINT16": .uint16, "INT32": .int32,
        "INT64": .int64, "BOOL": .bool,
    ])

    /// The name for what other frameworks call so.
    func hint(for name: String) -> String {
        let known = ElementType.allCases.map(\.rawValue)
        guard let word = NameHint.suggestion(for: name, among: known, .elementTypes)?.word,
            let type = ElementType(rawValue: word), let name = self.name(of: type)
        else { return "" }
        return "; did you mean '\(name)'?"
    }
}

extension ElementType {
    /// In the Open Inference Protocol.
    var openInferenceName: String { ElementTypeNames.openInference.name(of: self) ?? "" }
}
