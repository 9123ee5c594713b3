/// The tensors that a plan is computed on.
package struct Operands: Sendable {
    /// The tensor that is pooled or put back; in backward, the gradient that comes in.
    package let main: Tensor
    /// In backward, the values that the forward pass saw, where they are known; else nil.
    let input: Tensor?

    package init(main: Tensor, input: Tensor? = nil) {
        self.main = main
        self.input = input
    }

    /// - Throws: ``PoolingError/Reason/missingField`` where the request lacks its main tensor.
    package init(_ request: PoolingRequest) throws(PoolingError) {
        let (input, isBackward) = (request.tensors[.input], request.endpoint == .backward)
        guard let main = isBackward ? request.gradient : input else {
            throw PoolingError(.missingField, at: "", "the tensor to work on is missing")
        }
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
