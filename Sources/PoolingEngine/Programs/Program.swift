/// What a plan runs: everything is checked, memory for the result is taken when it starts.
///
/// A program holds no elements of ``Operands``, so that it can be run again on others of the same types and shapes.
protocol Program: Sendable {
    /// The technique, for logs and benchmarks.
    var kernelName: String { get }
    var cost: Cost { get }
    /// Itself where it pools windows of whole elements, whose kernels may run in turn with those of other programs.
    var forward: ForwardProgram? { get }

    func run(_ operands: Operands, _ workspace: Workspace) throws(PoolingError) -> PoolingResult
}

extension Program {
    var forward: ForwardProgram? { nil }
}
