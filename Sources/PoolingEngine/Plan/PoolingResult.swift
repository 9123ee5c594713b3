/// What the engine answers: named tensors in the order in which they are written, and the fields beside them.
package struct PoolingResult: Sendable {
    /// The names of answered tensors, as on the wire.
    package enum Name: String, CaseIterable, Sendable {
        case output
        case indices
        case gradInput = "grad_input"
        case gradWeights = "grad_weights"
        case gradStructure = "grad_structure"
    }

    package struct NamedTensor: Sendable {
        package let name: Name
        package let tensor: Tensor

        package init(_ name: Name, _ tensor: Tensor) {
            self.name = name
            self.tensor = tensor
        }
    }

    /// The first is the answer's main tensor (`output` or `grad_input`).
    package let tensors: [NamedTensor]
    /// How `indices` are to be read (`plane`, `sample`, `tensor`, `window`); nil where there are none.
    package let indexBase: String?

    package init(tensors: [NamedTensor], indexBase: String? = nil) {
        self.tensors = tensors
        self.indexBase = indexBase
    }
}
