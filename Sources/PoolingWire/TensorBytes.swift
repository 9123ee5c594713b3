import PoolingEngine
import RecycledMemory

/// Tensors from the bytes of a message.
enum TensorBytes {
    /// The rank beyond which no array library goes either.
    static let highestRank = 64

    /// A shape for an error message, shortened where it has more sizes than any tensor.
    static func text(_ shape: [Int]) -> String {
        shape.count <= highestRank ? "\(shape)" : "of \(shape.count) sizes"
    }

    /// Bytes that a tensor takes, or nil where `shape` has a negative extent or more elements than can be counted.
    ///
    /// Extents of 0 do not hide an overflow of the others, so that strides can be computed safely.
    static func count(of elementType: ElementType, shape: [Int]) -> Int? {
        guard shape.count <= highestRank else { return nil }
        var count = elementType.size
        for extent in shape where extent != 0 {
            let (product, overflow) = count.multipliedReportingOverflow(by: extent)
            guard extent > 0, !overflow else { return nil }
            count = product
        }
        return shape.contains(0) ? 0 : count
    }

    /// A tensor of `bytes`, or of a copy where they are not aligned for their type.
    ///
    /// - Throws: `not_representable` for a boolean that is neither 0 nor 1.
    static func tensor(
        _ name: String, _ elementType: ElementType, shape: [Int], _ bytes: Bytes, in workspace: Workspace
    ) throws(WireError) -> Tensor {
        let storage = try bytes.withUnsafeBytes { (elements) throws(WireError) in
            if elementType == .bool { try checkBooleans(elements, of: name) }
            return isAligned(elements, for: elementType) ? bytes : try copy(of: elements, in: workspace)
        }
        return Tensor(elementType: elementType, shape: shape, storage: storage)
    }

    private static func copy(
        of bytes: UnsafeRawBufferPointer, in workspace: Workspace
    ) throws(WireError) -> Bytes {
        let block = try workspace.block(bytes.count)
        block.withUnsafeMutableBytes { $0.copyMemory(from: bytes) }
        return Bytes(block)
    }

    /// A copy of `tensor` with the bytes of each element in reverse order.
    static func byteSwapped(_ tensor: Tensor, in workspace: Workspace) throws(WireError) -> Tensor {
        switch tensor.elementType.size {
        case 2: try byteSwapped(tensor, of: UInt16.self, workspace)
        case 4: try byteSwapped(tensor, of: UInt32.self, workspace)
        case 8: try byteSwapped(tensor, of: UInt64.self, workspace)
        default: tensor
        }
    }

    private static func byteSwapped<Element: FixedWidthInteger>(
        _ tensor: Tensor, of type: Element.Type, _ workspace: Workspace
    ) throws(WireError) -> Tensor {
        let block = try workspace.block(tensor.byteCount)
        tensor.storage.withUnsafeBytes { source in
            block.withUnsafeMutableBytes { destination in
                let (source, destination) = (source.bindMemory(to: type), destination.bindMemory(to: type))
                for index in source.indices { destination[index] = source[index].byteSwapped }
            }
        }
        return Tensor(elementType: tensor.elementType, shape: tensor.shape, storage: Bytes(block))
    }

    private static func isAligned(_ bytes: UnsafeRawBufferPointer, for elementType: ElementType) -> Bool {
        guard let address = bytes.baseAddress else { return true }
        return Int(bitPattern: address) % elementType.size == 0
    }

    private static func checkBooleans(_ bytes: UnsafeRawBufferPointer, of name: String) throws(WireError) {
        guard let index = bytes.firstIndex(where: { $0 > 1 }) else { return }
        throw .rejected(
            PoolingError(
                .notRepresentable, at: name,
                "element \(index) of '\(name)' is the byte \(bytes[index]); a boolean is 0 or 1"))
    }
}
