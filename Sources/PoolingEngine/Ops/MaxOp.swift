/// The largest element of each window.
///
/// Padding is never a candidate; the first of equal elements is named. See ``ExtremumReduction`` for NaN and zeros.
struct MaxOp: PoolingOp {
    static let descriptor = OpDescriptor(
        "max", gradient: .mask, supportsIntegers: true, supportsBool: true, parameters: [NaNPolicy.parameter],
        summary: "the largest element", source: "torch.nn.MaxPool2d, ONNX MaxPool, tf.nn.max_pool")

    let nan: NaNPolicy

    init(_ reader: inout FieldReader, _ context: OpContext) throws(PoolingRefusal) {
        nan = try reader.takeCase("nan", default: NaNPolicy.propagate)
    }

    var fold: WindowFold? { .largest(nan) }
    static var takesSamples: Bool { true }
    static var comparesSamples: Bool { true }

    func sampleReduction(_ geometry: SampledGeometry) -> SampleReduction {
        geometry.comparesCorners ? .largestCorner(nan) : .maximum(nan)
    }

    var reducers: Reducers {
        Reducers(
            float: Reducer(ExtremumReduction<Float, Larger>(nan: nan)),
            double: Reducer(ExtremumReduction<Double, Larger>(nan: nan)),
            integer: { Reducer(ExtremumReduction<Int64, Larger>(nan: nan)) })
    }
}
