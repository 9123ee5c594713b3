/// A tensor without its elements: all that a plan depends on.
struct TensorKind: Hashable, Sendable {
    let elementType: ElementType
    let shape: [Int]

    /// Saturates.
    var byteCount: Int { (shape.checkedProduct ?? .max).multipliedSaturating(by: elementType.size) }
}

extension Tensor {
    var kind: TensorKind { TensorKind(elementType: elementType, shape: shape) }
}
