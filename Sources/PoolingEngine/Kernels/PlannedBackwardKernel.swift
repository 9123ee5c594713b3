/// A kernel that sends gradients back, its types forgotten as those of a ``PlannedKernel`` are.
struct PlannedBackwardKernel: Sendable {
    let name: String
    let planeCount: Int
    let planeGroup: Int?
    let addsOnly: Bool
    let scratchByteCount: Int
    /// The gradients of some planes.
    let run: @Sendable (Range<Int>, BackwardPass) -> DataFault?

    @inline(__always)
    init<Kernel: BackwardKernel>(_ kernel: Kernel, planes: Int) {
        (name, planeCount, planeGroup) = (kernel.name, planes, kernel.planeGroup)
        (addsOnly, scratchByteCount) = (kernel.addsOnly, kernel.scratchByteCount)
        run = { planes, pass in
            pass.withElements(Kernel.Stored.self, Kernel.Sum.self) { input, gradOutput, indices, sums in
                kernel.backward(
                    planes, input: input, gradOutput: gradOutput, indices: indices, gradInput: sums, pass.cancellation)
            }
        }
    }
}

/// The tensors of one backward run.
struct BackwardPass: Sendable {
    /// Nil where the gradient does not depend on the values.
    var input: Tensor?
    let gradOutput: Tensor
    /// As `int64`; nil where the request has none.
    var indices: Tensor?
    /// Where gradients are added up.
    let sums: Tensor
    let cancellation: Cancellation?

    /// Calls `body` with the tensors' elements, unless there are no gradients.
    @inline(__always)
    func withElements<Stored, Sum>(
        _ type: Stored.Type, _ sum: Sum.Type,
        _ body: (
            _ input: UnsafePointer<Stored>?, _ gradOutput: UnsafePointer<Stored>, _ indices: UnsafePointer<Int64>?,
            _ sums: UnsafeMutablePointer<Sum>
        ) -> DataFault?
    ) -> DataFault? {
        sums.withMutableElements(as: Sum.self) { sums in
            gradOutput.withElements(as: Stored.self) { incoming in
                input.withElements(as: Stored.self) { input in
                    indices.withElements(as: Int64.self) { indices in
                        guard let sums = sums.baseAddress, let incoming = incoming.baseAddress else { return nil }
                        return body(input, incoming, indices, sums)
                    }
                }
            }
        }
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
