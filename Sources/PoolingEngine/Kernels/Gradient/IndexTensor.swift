import RecycledMemory

/// The indices that a gradient follows, and how they number the cells of a kernel, where not in row-major order.
struct IndexTensor: Sendable {
    let tensor: Tensor
    let kernelNumbers: KernelNumbers?

    init(_ tensor: Tensor, _ kernelNumbers: KernelNumbers? = nil) {
        (self.tensor, self.kernelNumbers) = (tensor, kernelNumbers)
    }
}

extension IndexTensor? {
    /// Calls `body` with the indices in memory, if there are any.
    @inline(__always)
    func withNumbers(_ body: (IndexNumbers?) -> DataFault?) -> DataFault? {
        guard let self else { return body(nil) }
        return self.tensor.storage.withUnsafeBytes { bytes in
            body(bytes.baseAddress.map { IndexNumbers($0, self.tensor.elementType, self.kernelNumbers) })
        }
    }
}
