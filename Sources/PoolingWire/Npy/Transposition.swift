import PoolingEngine
import RecycledMemory

/// Reorders elements from Fortran order to C order.
enum Transposition {
    /// The tensor whose axes are those of `tensor` in reverse order, row-major.
    static func reversingAxes(of tensor: Tensor, in workspace: Workspace) throws(WireError) -> Tensor {
        // One axis has the same elements in either order, and axes of one element decide nothing.
        guard tensor.shape.count(where: { $0 != 1 }) > 1, tensor.count > 0 else {
            return tensor.reshaped(tensor.shape.reversed())
        }
        return switch tensor.elementType.size {
        case 1: try reversed(tensor, as: UInt8.self, workspace)
        case 2: try reversed(tensor, as: UInt16.self, workspace)
        case 4: try reversed(tensor, as: UInt32.self, workspace)
        default: try reversed(tensor, as: UInt64.self, workspace)
        }
    }

    private static func reversed<Element: BitwiseCopyable>(
        _ tensor: Tensor, as type: Element.Type, _ workspace: Workspace
    ) throws(WireError) -> Tensor {
        let block = try workspace.block(tensor.byteCount)
        let shape = Array(tensor.shape.reversed())
        try tensor.storage.withUnsafeBytes { (source) throws(WireError) in
            try block.withUnsafeMutableBytes { (destination) throws(WireError) in
                // Each axis that is left has two elements at least, so that few are stepped along for an element.
                try copy(
                    source.bindMemory(to: type), to: destination.bindMemory(to: type),
                    shape: shape.filter { $0 != 1 }, workspace)
            }
        }
        return Tensor(elementType: tensor.elementType, shape: shape, storage: Bytes(block))
    }

    /// Elements that are copied between two looks at whether to stop: a few milliseconds.
    private static let elementsAtATime = 1 << 18

    /// Fills `destination`, row-major of `shape`, from `source`, whose first axis is the fastest.
    private static func copy<Element>(
        _ source: UnsafeBufferPointer<Element>, to destination: UnsafeMutableBufferPointer<Element>, shape: [Int],
        _ workspace: Workspace
    ) throws(WireError) {
        var strides = [1]
        for extent in shape.dropLast() { strides.append((strides.last ?? 1) * extent) }
        var position = [Int](repeating: 0, count: shape.count)
        var offset = 0
        for index in destination.indices {
            if index % elementsAtATime == 0 { try workspace.checkpoint() }
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
