/// How the values of one region become one value, with its parameters.
protocol PoolingOp: Sendable {
    static var descriptor: OpDescriptor { get }

    /// Takes the op's parameters.
    init(_ reader: inout FieldReader, _ context: OpContext) throws(PoolingError)

    /// What `GET /v1/operations` says of this op, where its parameters narrow that.
    var descriptor: OpDescriptor { get }

    var reducers: Reducers { get }

    /// What the op is to kernels that fold rows; nil where it is no fold.
    var fold: WindowFold? { get }

    /// What windows are treated differently by.
    var variation: PlaneVariation { get }

    /// The same op, where it has a parameter that can be learned; nil where it has none.
    var learnable: (any LearnableOp)? { get }

    /// Whether a value lies within the range of its window's cells, so that it fits their type.
    static var staysInRange: Bool { get }

    /// Whether all cells of a window but the first or the last are left alone.
    static var readsEdges: Bool { get }

    /// Whether the op works only where all windows have a kernel in common.
    static var needsKernel: Bool { get }
    /// Whether the op works over interpolated samples, and whether it then compares them.
    static var takesSamples: Bool { get }
    static var comparesSamples: Bool { get }
    func sampleReduction(_ geometry: SampledGeometry) -> SampleReduction

    /// Whether a part of each gradient goes to all of its window, whatever its index.
    var spreadsBeyondIndices: Bool { get }

    /// Whether a window of elements can have none that is named.
    var canNameNothing: Bool { get }

    /// The gradient of numbers per cell of the kernel; nil where there are none.
    var tableGradient: TableGradient? { get }

    /// The weights, where a value is Σ w·x and nothing else; nil where it is more.
    var tapWeights: WeightTable? { get }

    /// Bytes of tables that the op keeps.
    var tableByteCount: Int { get }

    /// Whether the value of a window is divided once, by a count.
    var dividesByCount: Bool { get }

    /// What a cell costs where it is gathered.
    var weight: OpWeight { get }

    /// The op fitted to the windows that it will see.
    ///
    /// - Parameter kernel: extents of the kernel along each pooled axis, in window order.
    func fitted(to kernel: [Int], _ axes: PooledAxes, _ reader: FieldReader) throws(PoolingError) -> any PoolingOp
}

extension PoolingOp {
    var fold: WindowFold? { nil }

    var variation: PlaneVariation { .none }
    var learnable: (any LearnableOp)? { nil }
    static var staysInRange: Bool { true }
    static var readsEdges: Bool { false }
    static var needsKernel: Bool { false }
    static var takesSamples: Bool { false }
    static var comparesSamples: Bool { false }
    func sampleReduction(_ geometry: SampledGeometry) -> SampleReduction { .mean }
    var spreadsBeyondIndices: Bool { false }
    var canNameNothing: Bool { false }
    var tableGradient: TableGradient? { nil }
    var tapWeights: WeightTable? { nil }
    var dividesByCount: Bool { false }
    var tableByteCount: Int { 0 }
    var weight: OpWeight { .plain }

    func fitted(to kernel: [Int], _ axes: PooledAxes, _ reader: FieldReader) throws(PoolingError) -> any PoolingOp {
        self
    }

    var descriptor: OpDescriptor { Self.descriptor }
}

/// What planes differ in, for ops that treat them differently.
enum PlaneVariation: Sendable {
    case none, channel, batch
}
