/// What becomes of the samples of a bin.
enum SampleReduction: Sendable {
    case mean
    case maximum(NaNPolicy)
    /// The largest weighted corner of all samples, as the ONNX node test has it.
    case largestCorner(NaNPolicy)
}
