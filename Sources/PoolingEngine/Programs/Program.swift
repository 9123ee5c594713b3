/// The tensors that a program reads.
struct Operands: Sendable {
    /// The tensor that is pooled or put back; in backward, the gradient that comes in.
    let main: Tensor
    /// In backward, the values that the forward pass saw, where they are known; else nil.
    let input: Tensor?

    init(main: Tensor, input: Tensor? = nil) {
        self.main = main
        self.input = input
    }

    /// Nil where the request lacks its main tensor.
    init?(_ request: PoolingRequest) {
        let (input, isBackward) = (request.tensors[.input], request.endpoint == .backward)
        guard let main = isBackward ? request.gradient : input else { return nil }
        self.init(main: main, input: isBackward ? input : nil)
    }
}

extension PoolingRequest {
    /// The gradient that comes in; of several, the first.
    fileprivate var gradient: Tensor? {
        if let gradient = tensors[.gradOutput] { return gradient }
        return nested.filter { $0.key.name == .gradOutput }.min { $0.key.path[0] < $1.key.path[0] }?.value
    }
}

/// What a plan runs: everything is checked, memory for the result is taken when it starts.
///
/// A program holds no elements of ``Operands``, so that it can be run again on others of the same types and shapes.
protocol Program: Sendable {
    /// The technique, for logs and benchmarks.
    var kernelName: String { get }
    var cost: Cost { get }
    /// Entries of its tables, about: what it takes to keep it.
    var tableSize: Int { get }

    func run(_ operands: Operands, _ execution: Execution) throws(PoolingError) -> PoolingResult
}
