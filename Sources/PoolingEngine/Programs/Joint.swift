import RecycledMemory

/// Tensors of one shape that are joined along an axis, or cut out again.
struct Joint: Sendable {
    let part: TensorKind
    let whole: TensorKind
    /// Bytes of a part that lie together.
    private let runByteCount: Int
    private let runCount: Int
    private let count: Int

    init(_ part: TensorKind, count: Int, axis: Int) {
        var shape = part.shape
        shape[axis] = shape[axis].multipliedSaturating(by: count)
        self.part = part
        self.count = count
        whole = TensorKind(elementType: part.elementType, shape: shape)
        runByteCount = part.shape[axis...].reduce(part.elementType.size) { $0.multipliedSaturating(by: $1) }
        runCount = part.shape[..<axis].reduce(1) { $0.multipliedSaturating(by: $1) }
    }

    func copy(_ tensor: Tensor, at position: Int, into whole: Tensor) {
        move(position) { inPart, inWhole in
            tensor.storage.withUnsafeBytes { source in
                whole.storage.withUnsafeMutableBytes { destination in
                    UnsafeMutableRawBufferPointer(rebasing: destination[inWhole])
                        .copyMemory(from: UnsafeRawBufferPointer(rebasing: source[inPart]))
                }
            }
        }
    }

    func cut(_ position: Int, from whole: Tensor) throws(PoolingError) -> Tensor {
        let tensor = try Tensor(allocating: part.elementType, shape: part.shape)
        move(position) { inPart, inWhole in
            whole.storage.withUnsafeBytes { source in
                tensor.storage.withUnsafeMutableBytes { destination in
                    UnsafeMutableRawBufferPointer(rebasing: destination[inPart])
                        .copyMemory(from: UnsafeRawBufferPointer(rebasing: source[inWhole]))
                }
            }
        }
        return tensor
    }

    /// Calls `body` with the bytes of each run, in a part and in the whole.
    private func move(_ position: Int, _ body: (Range<Int>, Range<Int>) -> Void) {
        guard runByteCount > 0 else { return }
        for run in 0..<runCount {
            let (inPart, inWhole) = (run * runByteCount, (run * count + position) * runByteCount)
            body(inPart..<inPart + runByteCount, inWhole..<inWhole + runByteCount)
        }
    }
}
