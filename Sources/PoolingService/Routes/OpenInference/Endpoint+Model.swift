import PoolingEngine
import PoolingWire

// The models of the Open Inference Protocol are the endpoints that compute.
extension PoolingRequest.Endpoint {
    /// The paths of a model's resource: of the model as such, and of its one version.
    static func modelPaths(_ resource: String) -> [String] {
        ["/v2/models/{model}\(resource)", "/v2/models/{model}/versions/{version}\(resource)"]
    }

    /// The model that a path names.
    static func model(in path: [String: String]) throws(Failure) -> Self {
        let name = path["model"] ?? ""
        guard let model = Self(rawValue: name) else {
            throw .unknownModel(name, known: allCases.map(\.rawValue))
        }
        if let version = path["version"], version != OpenInferenceMetadata.modelVersion {
            throw .unknownModel(
                "\(name) version \(version)", known: ["\(name) version \(OpenInferenceMetadata.modelVersion)"])
        }
        return model
    }
}
