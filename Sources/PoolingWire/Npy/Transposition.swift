import PoolingEngine

/// Reorders elements from Fortran order to C order.
enum Transposition {
    /// The tensor whose axes are those of `tensor` in reverse order, row-major.
    static func reversingAxes(of tensor: Tensor) -> Tensor {
        guard tensor.rank > 1, tensor.count > 0 else { return tensor.reshaped(tensor.shape.reversed()) }
        return switch tensor.elementType.size {
        case 1: reversed(tensor, as: UInt8.self)
        case 2: reversed(tensor, as: UInt16.self)
        case 4: reversed(tensor, as: UInt32.self)
        default: reversed(tensor, as: UInt64.self)
        }
    }

    private static func reversed<Element: BitwiseCopyable>(_ tensor: Tensor, as type: Element.Type) -> Tensor {
        let result = Tensor(elementType: tensor.elementType, shape: tensor.shape.reversed())
        tensor.storage.withUnsafeBytes { source in
            result.storage.withUnsafeMutableBytes { destination in
                copy(source.bindMemory(to: type), to: destination.bindMemory(to: type), shape: result.shape)
            }
        }
        return result
    }

    /// Fills `destination`, row-major of `shape`, from `source`, whose first axis is the fastest.
    private static func copy<Element>(
        _ source: UnsafeBufferPointer<Element>, to destination: UnsafeMutableBufferPointer<Element>, shape: [Int]
    ) {
        var strides = [1]
        for extent in shape.dropLast() { strides.append((strides.last ?? 1) * extent) }
        var position = [Int](repeating: 0, count: shape.count)
        var offset = 0
        for index in destination.indices {
            destination[index] = source[offset]
            for axis in shape.indices.reversed() {
                position[axis] += 1
                offset += strides[axis]
                guard position[axis] == shape[axis] else { break }
                offset -= strides[axis] * shape[axis]
                position[axis] = 0
            }
        }
    }
}
