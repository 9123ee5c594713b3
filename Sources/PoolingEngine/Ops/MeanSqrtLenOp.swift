/// Σx/√n: a sum whose spread does not grow with the number of elements.
///
/// Sums are as in ``SumOp``.
struct MeanSqrtLenOp: PoolingOp {
    static let descriptor = OpDescriptor(
        "mean_sqrt_len", gradient: .inputShape,
        summary: "sum x / sqrt(n)", source: "sentence-transformers mean_sqrt_len_tokens",
        otherNames: ["sqrtlen", "sqrtn", "meansqrt", "meansqrtlentokens"])

    init(_ reader: inout FieldReader, _ context: OpContext) {}

    var fold: WindowFold? { .sum(.rootOfElements) }

    var reducers: Reducers {
        Reducers(
            float: Reducer(MeanReduction<Float>(divisor: .rootOfElements))
                .sharing(TermKernels(scattering: MeanReduction(divisor: .rootOfElements))),
            double: Reducer(MeanReduction<Double>(divisor: .rootOfElements)))
    }
}
