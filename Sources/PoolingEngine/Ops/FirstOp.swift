/// The first element of each window that takes part, in row-major order.
struct FirstOp: EdgeOp {
    static let descriptor = OpDescriptor(
        "first", gradient: .indices, supportsIntegers: true, supportsBool: true,
        summary: "the first element that takes part", source: "CLS pooling of sentence-transformers",
        otherNames: ["cls", "clstoken", "head", "firsttoken", "bos"])

    static var isLast: Bool { false }

    init(_ reader: inout FieldReader, _ context: OpContext) {}
}
