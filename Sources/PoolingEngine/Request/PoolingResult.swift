/// What the engine returns: named tensors in the order in which they are written, and the fields with them.
package struct PoolingResult: Sendable {
    /// The names of returned tensors, as on the wire.
    package enum Name: String, CaseIterable, Sendable {
        case output
        case indices
        case gradInput = "grad_input"
        case gradWeights = "grad_weights"
        case gradParameters = "grad_parameters"
        case gradStructure = "grad_structure"
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

    /// The results of several ops, or what each op or layer adds.
    package struct Parts: Sendable {
        package enum Name: String, Sendable {
            case outputs, ops, layers
        }

        package let name: Name
        package let results: [PoolingResult]

        init(_ name: Name, _ results: [PoolingResult]) {
            self.name = name
            self.results = results
        }
    }

    /// The first is the result's main tensor (`output` or `grad_input`), unless ``parts`` has all of them.
    package let tensors: [NamedTensor]
    /// How `indices` are to be read (`plane`, `sample`, `tensor`, `window`); nil where there are none.
    package let indexBase: String?
    /// The op that this is the result of, where there are several.
    package var operation: String?
    /// The shape of an output that is not returned itself.
    package var outputShape: [Int]?
    package var parts: Parts?

    package init(tensors: [NamedTensor], indexBase: String? = nil) {
        self.tensors = tensors
        self.indexBase = indexBase
    }

    /// A tensor under the name that binary formats have for it, such as `output.1`.
    package struct LabelledTensor: Sendable {
        package let label: String
        package let tensor: Tensor
    }

    /// All tensors, those of the parts too.
    package var labelledTensors: [LabelledTensor] { labelled([]) }

    /// The index bases of all indices, each under the name of its tensor's path: `index_base`, `index_base.1`.
    package var indexBases: [(label: String, base: String)] { bases([]) }

    private func labelled(_ path: [Int]) -> [LabelledTensor] {
        let own = tensors.map { LabelledTensor(label: $0.label.at(path), tensor: $0.tensor) }
        guard let parts else { return own }
        return own + parts.results.enumerated().flatMap { $1.labelled(path + [$0]) }
    }

    private func bases(_ path: [Int]) -> [(label: String, base: String)] {
        let own = indexBase.map { [(label: "index_base".at(path), base: $0)] } ?? []
        guard let parts else { return own }
        return own + parts.results.enumerated().flatMap { $1.bases(path + [$0]) }
    }

    func tensor(_ name: Name) -> Tensor? { tensors.first { $0.name == name }?.tensor }

    /// The same without some tensors.
    func dropping(_ names: Name...) -> PoolingResult { replacing(tensors.filter { !names.contains($0.name) }) }

    /// The same with other tensors.
    func replacing(_ tensors: [NamedTensor]) -> PoolingResult {
        var result = PoolingResult(tensors: tensors, indexBase: indexBase)
        (result.operation, result.outputShape, result.parts) = (operation, outputShape, parts)
        return result
    }

    /// Whether nothing is returned.
    var isEmpty: Bool { tensors.isEmpty && parts == nil }
}
