/// The smallest element of each window.
///
/// Padding is never a candidate; the first of equal elements is named. See ``ExtremumReduction`` for NaN and zeros.
struct MinOp: PoolingOp {
    static let descriptor = OpDescriptor(
        "min", gradient: .mask, supportsIntegers: true, supportsBool: true, parameters: [NaNPolicy.parameter],
        summary: "the smallest element", source: "flax.linen.min_pool, jax.lax.reduce_window")

    let nan: NaNPolicy

    init(_ reader: inout FieldReader, _ context: OpContext) throws(PoolingRefusal) {
        nan = try reader.takeCase("nan", default: NaNPolicy.propagate)
    }

    var fold: WindowFold? { .smallest(nan) }

    var reducers: Reducers {
        Reducers(
            float: Reducer(ExtremumReduction<Float, Smaller>(nan: nan)),
            double: Reducer(ExtremumReduction<Double, Smaller>(nan: nan)),
            integer: { Reducer(ExtremumReduction<Int64, Smaller>(nan: nan)) })
    }
}
