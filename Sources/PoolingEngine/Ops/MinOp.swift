/// The smallest element of each window.
///
/// With a structuring element of each difference x - s. Padding is never a candidate; the first of equal elements is named.
/// See ``ExtremumReduction`` for NaN and zeros.
struct MinOp: PoolingOp {
    static let descriptor = OpDescriptor(
        "min", gradient: .mask, supportsIntegers: true, supportsBool: true,
        parameters: [NaNPolicy.parameter, StructuringElement.parameter],
        summary: "the smallest element", source: "flax.linen.min_pool, jax.lax.reduce_window")

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

    var tableGradient: TableGradient? { structure?.gradient(Smaller.self, nan, sign: -1) }

    func fitted(to kernel: [Int], _ axes: PooledAxes, _ reader: FieldReader) throws(PoolingError) -> any PoolingOp {
        var fitted = self
        fitted.structure = try structure?.fitted(to: kernel, channels: axes.channel.map { axes.shape[$0] }, reader)
        return fitted
    }

    var fold: WindowFold? { structure == nil ? .smallest(nan) : nil }

    var reducers: Reducers {
        if let structure { return structure.reducers(Smaller.self, nan, sign: -1) }
        return Reducers(
            float: Reducer(ExtremumReduction<Float, Smaller>(nan: nan), reads: .rows),
            double: Reducer(ExtremumReduction<Double, Smaller>(nan: nan), reads: .rows),
            integer: { Reducer(ExtremumReduction<Int64, Smaller>(nan: nan)) })
    }
}
