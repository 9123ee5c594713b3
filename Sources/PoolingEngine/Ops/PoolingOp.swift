/// How the values of one region become one value, with its parameters.
protocol PoolingOp: Sendable {
    static var descriptor: OpDescriptor { get }

    /// Takes the op's parameters.
    init(_ reader: inout FieldReader, _ context: OpContext) throws(PoolingRefusal)

    /// What `GET /v1/operations` says of this op, where its parameters narrow that.
    var descriptor: OpDescriptor { get }

    var reducers: Reducers { get }

    /// What the op is to kernels that fold rows; nil where it is no fold.
    var fold: WindowFold? { get }

    /// Whether windows of different channels are treated differently.
    var needsChannels: Bool { get }

    /// The op fitted to the windows that it will see.
    ///
    /// - Parameter kernel: extents of the kernel along each pooled axis, in window order.
    func fitted(
        to kernel: [Int], channels: Int?, _ reader: FieldReader
    ) throws(PoolingRefusal) -> any PoolingOp
}

extension PoolingOp {
    var fold: WindowFold? { nil }

    var needsChannels: Bool { false }

    func fitted(
        to kernel: [Int], channels: Int?, _ reader: FieldReader
    ) throws(PoolingRefusal) -> any PoolingOp { self }

    var descriptor: OpDescriptor { Self.descriptor }
}

/// What an op's parameters depend on.
struct OpContext: Sendable {
    let region: String
    /// Whether averages count padding unless the request says otherwise.
    let countsPadding: Bool

    var isSliding: Bool { region == SlidingRegion.descriptor.name }
}

/// Which cells a comparison takes for numbers.
enum NaNPolicy: String, CaseIterable, Sendable {
    /// A NaN wins, and the last one is named (PyTorch).
    case propagate
    /// NaN takes no part; only NaN gives NaN and names the first (TensorFlow, ONNX Runtime).
    case ignore

    static let parameter = ParameterDescriptor(
        "nan", "string", values: allCases.map(\.rawValue), default: .string("propagate"),
        "whether a NaN wins (PyTorch) or takes no part (TensorFlow, ONNX Runtime)")
}
