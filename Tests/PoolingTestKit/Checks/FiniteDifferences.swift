package import PoolingEngine

/// Derivatives measured by moving one input at a time, in float64.
package enum FiniteDifferences {
    /// Central differences of Σ gradOutput·output with respect to every element of `name`.
    ///
    /// With a step h their error is of order h² (the formula) and 2^-53/h (rounding); h = 2^-17 keeps both near 1e-10.
    package static func gradient(
        of request: PoolingRequest, _ gradOutput: Tensor, with respect: TensorName = .input
    ) throws -> [Double] {
        guard let tensor = request.tensors[respect] else { return [] }
        let values = tensor.realElements
        let step = 0x1p-17
        return try values.indices.map { index in
            func loss(_ shift: Double) throws -> Double {
                var moved = values
                moved[index] += shift
                let output = try request.with(respect, Tensor(moved, shape: tensor.shape, .float64)).result(.output)
                return zip(output.realElements, gradOutput.realElements).reduce(0) { $0 + $1.0 * $1.1 }
            }
            return try (loss(step) - loss(-step)) / (2 * step)
        }
    }
}
