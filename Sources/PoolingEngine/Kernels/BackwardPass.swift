import RecycledMemory

/// The tensors of one backward run.
struct BackwardPass: Sendable {
    /// Nil where the gradient does not depend on the values.
    var input: Tensor?
    let gradOutput: Tensor
    /// Nil where neither the request nor the kernel has any.
    var indices: IndexTensor?
    /// Where gradients are added up.
    var sums: Tensor
    /// The number of the input's element that `sums` begin with.
    var firstSum = 0
    let cancellation: Cancellation?

    /// Calls `body` with the tensors' elements of a type that a ``RowFormat`` knows, unless there are none.
    func withElements(
        _ body: (_ input: Elements, _ gradOutput: Elements, _ sums: MutableElements) -> DataFault?
    ) -> DataFault? {
        input?.storage.withUnsafeBytes { input in
            gradOutput.storage.withUnsafeBytes { incoming in
                sums.storage.withUnsafeMutableBytes { sums in
                    let sumSize = self.sums.elementType.size
                    guard let input = input.baseAddress, let incoming = incoming.baseAddress,
                        let sums = UnsafeMutableRawPointer(bitPattern: addressOfFirst(sums.baseAddress, sumSize))
                    else { return nil }
                    let size = gradOutput.elementType.size
                    return body(
                        Elements(address: input, size: size), Elements(address: incoming, size: size),
                        MutableElements(address: sums, size: sumSize))
                }
            }
        }
    }

    /// Calls `body` with the tensors' elements, unless there are no gradients.
    @inline(__always)
    func withElements<Stored, Sum>(
        _ type: Stored.Type, _ sum: Sum.Type,
        _ body: (
            _ input: UnsafePointer<Stored>?, _ gradOutput: UnsafePointer<Stored>, _ indices: IndexNumbers?,
            _ sums: UnsafeMutablePointer<Sum>
        ) -> DataFault?
    ) -> DataFault? {
        sums.withMutableElements(as: Sum.self) { sums in
            gradOutput.withElements(as: Stored.self) { incoming in
                input.withElements(as: Stored.self) { input in
                    indices.withNumbers { indices in
                        let first = addressOfFirst(sums.baseAddress, MemoryLayout<Sum>.stride)
                        guard let sums = UnsafeMutablePointer<Sum>(bitPattern: first),
                            let incoming = incoming.baseAddress
                        else { return nil }
                        return body(input, incoming, indices, sums)
                    }
                }
            }
        }
    }
}

extension BackwardPass {
    /// Where the sum of the input's first element is, or would be; 0 where there is none.
    @inline(__always)
    private func addressOfFirst(_ sums: UnsafeMutableRawPointer?, _ size: Int) -> UInt {
        UInt(bitPattern: sums) &- UInt(bitPattern: firstSum &* size)
    }
}

extension Tensor? {
    /// Calls `body` with the elements of a tensor that there may not be.
    @inline(__always)
    fileprivate func withElements<Stored>(
        as type: Stored.Type, _ body: (UnsafePointer<Stored>?) -> DataFault?
    ) -> DataFault? {
        guard let tensor = self else { return body(nil) }
        return tensor.withElements(as: Stored.self) { body($0.baseAddress) }
    }
}
