package import RecycledMemory

/// A row-major array of numbers of one type.
///
/// `shape` may be empty (one element), and any extent may be 0 (no elements).
package struct Tensor: Sendable {
    package let elementType: ElementType
    package let shape: [Int]
    package let storage: Bytes

    /// Wraps `storage`, which must hold exactly the elements that `shape` asks for.
    package init(elementType: ElementType, shape: [Int], storage: Bytes) {
        precondition(storage.count == shape.reduce(elementType.size, *), "storage does not match the shape")
        self.elementType = elementType
        self.shape = shape
        self.storage = storage
    }

    /// A tensor with undefined elements, or all zero.
    package init(elementType: ElementType, shape: [Int], zeroed: Bool = false) {
        let byteCount = shape.reduce(elementType.size, *)
        self.init(
            elementType: elementType, shape: shape, storage: Bytes(byteCount: byteCount, zeroed: zeroed))
    }

    /// A tensor of a result or of scratch, with undefined elements or all zero.
    ///
    /// - Throws: ``PoolingError/Reason/outOfMemory`` where the system gives no memory for it.
    package init(allocating elementType: ElementType, shape: [Int], zeroed: Bool = false) throws(PoolingError) {
        guard let byteCount = shape.checkedProduct.map({ $0.multipliedSaturating(by: elementType.size) }),
            let storage = Bytes(allocating: byteCount, zeroed: zeroed)
        else { throw .outOfMemory }
        self.init(elementType: elementType, shape: shape, storage: storage)
    }

    /// The most axes that the tensor of a request, or a shape in its place, may have.
    package static let largestRank = 64

    package var rank: Int { shape.count }
    package var count: Int { shape.reduce(1, *) }
    package var byteCount: Int { storage.count }

    /// The same elements under another shape of the same count.
    package func reshaped(_ shape: [Int]) -> Tensor {
        Tensor(elementType: elementType, shape: shape, storage: storage)
    }
}
