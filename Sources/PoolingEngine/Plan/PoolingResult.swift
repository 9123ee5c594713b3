/// What the engine answers: named tensors in the order in which they are written, and the fields beside them.
package struct PoolingResult: Sendable {
    /// The names of answered tensors, as on the wire.
    package enum Name: String, CaseIterable, Sendable {
        case output
        case indices
        case gradInput = "grad_input"
        case gradWeights = "grad_weights"
        case gradParameters = "grad_parameters"
    }

    package struct NamedTensor: Sendable {
        package let name: Name
        package let tensor: Tensor
        /// What it is within an object of that name, such as `p` within `grad_parameters`; nil where it is the value.
        package let member: String?

        package init(_ name: Name, _ tensor: Tensor, member: String? = nil) {
            self.name = name
            self.tensor = tensor
            self.member = member
        }

        /// The name in formats that have a flat list of tensors.
        package var label: String { member.map { "\(name.rawValue).\($0)" } ?? name.rawValue }
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
