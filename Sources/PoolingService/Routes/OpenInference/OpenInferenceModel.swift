import PoolingEngine
import PoolingWire

/// The models of the Open Inference Protocol, which are the endpoints that compute.
enum OpenInferenceModel {
    /// The paths of a model's resource: of the model as such, and of its one version.
    static func paths(_ resource: String) -> [String] {
        ["/v2/models/{model}\(resource)", "/v2/models/{model}/versions/{version}\(resource)"]
    }

    /// The model that a path names.
    static func named(in path: PathParameters) throws(Failure) -> PoolingRequest.Endpoint {
        let name = path["model"] ?? ""
        guard let model = PoolingRequest.Endpoint(rawValue: name) else {
            throw .unknownModel(name, known: PoolingRequest.Endpoint.allCases.map(\.rawValue))
        }
        if let version = path["version"], version != OpenInferenceMetadata.modelVersion {
            throw .unknownModel(
                "\(name) version \(version)", known: ["\(name) version \(OpenInferenceMetadata.modelVersion)"])
        }
        return model
    }
}
