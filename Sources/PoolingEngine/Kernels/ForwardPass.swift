import RecycledMemory

/// The tensors of one forward run.
struct ForwardPass: Sendable {
    let input: Tensor
    let output: Tensor
    let indices: Tensor?
    let cancellation: Cancellation?

    /// Calls `body` with the tensors' elements, unless one has none.
    @inline(__always)
    func withTensors(
        _ body: (UnsafeRawPointer, UnsafeMutableRawPointer, UnsafeMutablePointer<Int64>?) -> DataFault?
    ) -> DataFault? {
        input.storage.withUnsafeBytes { input in
            output.storage.withUnsafeMutableBytes { output in
                guard let input = input.baseAddress, let output = output.baseAddress else { return nil }
                guard let indices else { return body(input, output, nil) }
                return indices.withMutableElements(as: Int64.self) { body(input, output, $0.baseAddress) }
            }
        }
    }
}
