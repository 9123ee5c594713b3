/// The last element of each window that takes part, in row-major order.
struct LastOp: EdgeOp {
    static let descriptor = OpDescriptor(
        "last", gradient: .indices, supportsIntegers: true, supportsBool: true,
        summary: "the last element that takes part", source: "last-token pooling of sentence-transformers",
        otherNames: ["lasttoken", "eos", "tail"])

    static var isLast: Bool { true }

    init(_ reader: inout FieldReader, _ context: OpContext) {}
}
