package import PoolingEngine

extension PoolingPlan.Limits {
    /// More than any test results, so that no limit is met by accident.
    package static let roomy = PoolingPlan.Limits(resultByteCount: 1 << 30)
}

extension PoolingRequest {
    /// The result, computed in at most `slices` slices: the last first, so that one that writes into the next is noticed.
    package func run(slices: Int = 1) throws(PoolingError) -> PoolingResult {
        let workspace = Workspace { count, body in (0..<count).reversed().forEach(body) }
        return try PoolingPlan(self, limits: .roomy).execute(Operands(self), slices: slices, in: workspace)
    }

    /// The tensor that the result holds under `name`.
    package func result(_ name: PoolingResult.Name) throws -> Tensor {
        guard let tensor = try run()[name] else { throw MissingResult(name: name) }
        return tensor
    }

    /// Why the request is rejected; nil where it is not.
    package var rejection: PoolingError? {
        do {
            _ = try run()
            return nil
        } catch {
            return error
        }
    }
}

/// A result without a tensor that it should have.
package struct MissingResult: Error {
    package let name: PoolingResult.Name
}

extension PoolingResult {
    package subscript(_ name: Name) -> Tensor? { tensors.first { $0.name == name }?.tensor }
}
