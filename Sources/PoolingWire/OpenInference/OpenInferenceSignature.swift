import PoolingEngine

/// The tensors that a model takes and gives.
struct OpenInferenceSignature {
    struct Tensor {
        let name: String
        let elementType: ElementType
        let rank: Int
        let isOptional: Bool

        /// Any size along every axis.
        var extents: [FieldValue] { Array(repeating: .number(FieldNumber(-1)), count: rank) }
    }

    let inputs: [Tensor]
    let outputs: [Tensor]

    init(_ model: PoolingRequest.Endpoint) {
        inputs = Self.inputs(of: model).map { name, isOptional in
            Tensor(
                name: name.rawValue, elementType: name.defaultElementType ?? .float32, rank: name.rank,
                isOptional: isOptional)
        }
        outputs = PoolingResult.Name.possible(for: model).map { name in
            Tensor(
                name: name.rawValue, elementType: name == .indices ? .int64 : .float32,
                rank: Self.rank(of: name), isOptional: false)
        }
    }

    private static func inputs(of model: PoolingRequest.Endpoint) -> [(TensorName, isOptional: Bool)] {
        let optional = TensorName.parameters.map { ($0, isOptional: true) }
        return switch model {
        case .forward: [(.input, isOptional: false)] + optional
        case .backward: [(.gradOutput, isOptional: false), (.input, true), (.indices, true)] + optional
        case .unpool: [(.input, isOptional: false), (.indices, false)]
        }
    }

    private static func rank(of name: PoolingResult.Name) -> Int {
        switch name {
        case .output, .indices, .gradInput: TensorName.usualRank
        case .gradWeights, .gradStructure: 2
        case .gradParameters: 1
        }
    }
}
