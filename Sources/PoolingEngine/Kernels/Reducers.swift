/// One op's reductions for the types that it can compute in.
struct Reducers: Sendable {
    let float: @Sendable () -> Reducer<Float>
    let double: @Sendable () -> Reducer<Double>
    /// Nil where the op is for floating-point tensors only.
    let integer: (@Sendable () -> Reducer<Int64>)?

    init(
        float: @autoclosure @escaping @Sendable () -> Reducer<Float>,
        double: @autoclosure @escaping @Sendable () -> Reducer<Double>,
        integer: (@Sendable () -> Reducer<Int64>)? = nil
    ) {
        self.float = float
        self.double = double
        self.integer = integer
    }
}
