/// Which cells a comparison takes for numbers.
enum NaNPolicy: String, CaseIterable, Sendable {
    /// A NaN is selected, and the last one is named (PyTorch).
    case propagate
    /// NaN takes no part; only NaN gives NaN and names the first (TensorFlow, ONNX Runtime).
    case ignore

    static let parameter = ParameterDescriptor(
        "nan", "string", values: allCases.map(\.rawValue), default: .string("propagate"),
        "whether NaN propagates (PyTorch) or is skipped (TensorFlow, ONNX Runtime)",
        otherValues: ["ignore": ["omit", "skip"], "propagate": ["keep"]])
}
