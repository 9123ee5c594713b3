import PoolingEngine

/// Tensors from the bytes of a message.
enum TensorBytes {
    /// The rank beyond which no array library goes either.
    static let highestRank = 64

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

    /// A view of `bytes`, or a copy where they are not aligned for their type.
    ///
    /// - Throws: `not_representable` for a boolean that is neither 0 nor 1.
    static func tensor(
        _ name: TensorName, _ elementType: ElementType, shape: [Int], viewing bytes: UnsafeRawBufferPointer,
        owner: AnyObject
    ) throws(WireError) -> Tensor {
        if elementType == .bool { try checkBooleans(bytes, of: name) }
        let storage =
            isAligned(bytes, for: elementType)
            ? TensorStorage(viewing: bytes, owner: owner) : TensorStorage(copying: bytes)
        return Tensor(elementType: elementType, shape: shape, storage: storage)
    }

    /// A copy of `tensor` with the bytes of each element in reverse order.
    static func byteSwapped(_ tensor: Tensor) -> Tensor {
        switch tensor.elementType.size {
        case 2: mapped(tensor, of: UInt16.self) { $0.byteSwapped }
        case 4: mapped(tensor, of: UInt32.self) { $0.byteSwapped }
        case 8: mapped(tensor, of: UInt64.self) { $0.byteSwapped }
        default: tensor
        }
    }

    private static func mapped<Element: FixedWidthInteger>(
        _ tensor: Tensor, of type: Element.Type, _ transform: (Element) -> Element
    ) -> Tensor {
        let storage = TensorStorage(byteCount: tensor.byteCount)
        tensor.storage.withUnsafeBytes { source in
            storage.withUnsafeMutableBytes { destination in
                let (source, destination) = (source.bindMemory(to: type), destination.bindMemory(to: type))
                for index in source.indices { destination[index] = transform(source[index]) }
            }
        }
        return Tensor(elementType: tensor.elementType, shape: tensor.shape, storage: storage)
    }

    private static func isAligned(_ bytes: UnsafeRawBufferPointer, for elementType: ElementType) -> Bool {
        guard let address = bytes.baseAddress else { return true }
        return Int(bitPattern: address) % elementType.size == 0
    }

    private static func checkBooleans(_ bytes: UnsafeRawBufferPointer, of name: TensorName) throws(WireError) {
        guard let index = bytes.firstIndex(where: { $0 > 1 }) else { return }
        throw .refused(
            PoolingRefusal(
                .notRepresentable, at: name.rawValue,
                "element \(index) of '\(name.rawValue)' is the byte \(bytes[index]); a boolean is 0 or 1"))
    }
}
