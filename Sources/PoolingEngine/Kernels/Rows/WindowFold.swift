/// What an op is to kernels that fold rows.
enum WindowFold: Sendable {
    case largest(NaNPolicy)
    case smallest(NaNPolicy)
    /// A sum, divided unless there is no divisor.
    case sum(MeanDivisor?)
}
