/// The largest element of each window.
///
/// With a structuring element of each sum x + s. Padding is never a candidate; the first of equal elements is named. See
/// ``ExtremumReduction`` for NaN and zeros.
struct MaxOp: PoolingOp {
    static let descriptor = OpDescriptor(
        "max", gradient: .mask, supportsIntegers: true, supportsBool: true,
        parameters: [NaNPolicy.parameter, StructuringElement.parameter],
        summary: "the largest element", source: "torch.nn.MaxPool2d, ONNX MaxPool, tf.nn.max_pool")

    let nan: NaNPolicy
    private var structure: StructuringElement?

    init(_ reader: inout FieldReader, _ context: OpContext) throws(PoolingError) {
        nan = try reader.takeCase("nan", default: NaNPolicy.propagate)
        structure = context.hasStructure ? try StructuringElement(&reader) : nil
    }

    /// Sums with a structuring element are for floating-point types.
    var descriptor: OpDescriptor {
        structure == nil ? Self.descriptor : Self.descriptor.withoutIntegers(because: StructuringElement.typeCondition)
    }
    var variation: PlaneVariation { structure?.hasChannels == true ? .channel : .none }

    var tableGradient: TableGradient? { structure?.gradient(Larger.self, nan, sign: 1) }

    func fitted(to kernel: [Int], _ axes: PooledAxes, _ reader: FieldReader) throws(PoolingError) -> any PoolingOp {
        var fitted = self
        fitted.structure = try structure?.fitted(to: kernel, channels: axes.channel.map { axes.shape[$0] }, reader)
        return fitted
    }

    var fold: WindowFold? { structure == nil ? .largest(nan) : nil }
    static var takesSamples: Bool { true }
    static var comparesSamples: Bool { true }

    func sampleReduction(_ geometry: SampledGeometry) -> SampleReduction {
        geometry.comparesCorners ? .largestCorner(nan) : .maximum(nan)
    }

    var reducers: Reducers {
        if let structure { return structure.reducers(Larger.self, nan, sign: 1) }
        return Reducers(
            float: Reducer(ExtremumReduction<Float, Larger>(nan: nan), reads: .rows),
            double: Reducer(ExtremumReduction<Double, Larger>(nan: nan), reads: .rows),
            integer: { Reducer(ExtremumReduction<Int64, Larger>(nan: nan)) })
    }
}
