package import PoolingEngine

/// The fields of an inference request about its response.
package final class OpenInferenceResponseOptions: Sendable {
    struct Selection: Sendable {
        /// With positions where it is of one of several ops or layers: `output.1`.
        let name: String
        let isBinary: Bool
    }

    /// The model that responds.
    let endpoint: PoolingRequest.Endpoint
    /// Echoed where it is given.
    let id: String?
    /// The returned tensors in order; nil for all there are.
    let selection: [Selection]?
    /// For tensors that are not named one by one.
    package let isBinary: Bool

    /// Whether `indices` are asked for by name.
    var wantsIndices: Bool { selection?.contains { $0.name == PoolingResult.Name.indices.rawValue } ?? false }

    /// Of a request that says nothing.
    static let none = OpenInferenceResponseOptions()

    private init() { (endpoint, id, selection, isBinary) = (.forward, nil, nil, false) }

    init(
        id: String?, outputs: [OpenInferenceDocument.Output]?, isBinary: Bool, endpoint: PoolingRequest.Endpoint
    ) throws(WireError) {
        self.endpoint = endpoint
        self.id = id
        self.isBinary = isBinary
        guard let outputs, !outputs.isEmpty else {
            selection = nil
            return
        }
        var selection: [Selection] = []
        for (index, output) in outputs.enumerated() {
            let name = try Self.name(output, at: index, endpoint)
            guard !selection.contains(where: { $0.name == name }) else {
                throw .malformed(
                    .duplicateKey, offset: nil, detail: "outputs/\(index): \"\(output.name)\" is asked for twice")
            }
            let isBinaryItself = try OpenInferenceParameters.value(
                named: "binary_data", in: output.parameters, of: "an output", at: "outputs/\(index)",
                OpenInferenceParameters.bool)
            selection.append(Selection(name: name, isBinary: isBinaryItself ?? isBinary))
        }
        self.selection = selection
    }

    private static func name(
        _ output: OpenInferenceDocument.Output, at index: Int, _ endpoint: PoolingRequest.Endpoint
    ) throws(WireError) -> String {
        let known = PoolingResult.Name.possible(for: endpoint)
        let name = output.name.prefix { $0 != "." }
        guard known.contains(where: { $0.rawValue == name }) else {
            throw .rejected(
                PoolingError(
                    .unknownValue, at: "outputs/\(index)/name",
                    "\(endpoint.rawValue) has no output '\(output.name.prefix(64))'; it has "
                        + known.map(\.rawValue).joined(separator: ", ")))
        }
        return output.name
    }
}

extension PoolingResult.Name {
    /// The tensors that a response of `endpoint` may have.
    package static func possible(for endpoint: PoolingRequest.Endpoint) -> [PoolingResult.Name] {
        switch endpoint {
        case .forward: [.output, .indices]
        case .backward: [.gradInput, .gradWeights, .gradStructure]
        case .unpool: [.output]
        }
    }
}
