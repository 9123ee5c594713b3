package import PoolingEngine

/// The documents that describe the server and its models, as Triton writes them.
package enum OpenInferenceMetadata {
    package static let modelVersion = "1"
    private static let platform = "pooling-server"

    /// `GET /v2`.
    package static func server(version: String) -> [Field] {
        let extensions = ["binary_tensor_data", "parameters", "model_configuration", "statistics"]
        return [
            Field("name", .string(platform)), Field("version", .string(version)),
            Field("extensions", .list(extensions.map(FieldValue.string))),
        ]
    }

    /// `GET /v2/models/{model}`.
    ///
    /// The protocol knows one datatype and one rank a tensor; ours take many, and those named are the usual ones.
    package static func model(_ model: PoolingRequest.Endpoint) -> [Field] {
        let signature = OpenInferenceSignature(model)
        return [
            Field("name", .string(model.rawValue)), Field("versions", .list([.string(modelVersion)])),
            Field("platform", .string(platform)),
            Field("inputs", .list(signature.inputs.map { tensor($0) })),
            Field("outputs", .list(signature.outputs.map { tensor($0) })),
        ]
    }

    private static func tensor(_ tensor: OpenInferenceSignature.Tensor) -> FieldValue {
        .object([
            Field("name", .string(tensor.name)),
            Field("datatype", .string(tensor.elementType.openInferenceName)),
            Field("shape", .list(tensor.extents)),
        ])
    }

    /// `GET /v2/models/{model}/config`.
    package static func configuration(_ model: PoolingRequest.Endpoint) -> [Field] {
        let signature = OpenInferenceSignature(model)
        return [
            Field("name", .string(model.rawValue)), Field("platform", .string(platform)),
            Field("backend", .string(platform)), Field("max_batch_size", .number(FieldNumber(0))),
            Field("input", .list(signature.inputs.map { configuration($0, isInput: true) })),
            Field("output", .list(signature.outputs.map { configuration($0, isInput: false) })),
        ]
    }

    private static func configuration(_ tensor: OpenInferenceSignature.Tensor, isInput: Bool) -> FieldValue {
        let fields = [
            Field("name", .string(tensor.name)),
            Field("data_type", .string("TYPE_" + tensor.elementType.openInferenceName)),
            Field("dims", .list(tensor.extents)),
        ]
        return .object(isInput ? fields + [Field("optional", .bool(tensor.isOptional))] : fields)
    }

    /// `POST /v2/repository/index`.
    package static func repositoryIndex() -> FieldValue {
        let models = PoolingRequest.Endpoint.allCases.map { model in
            FieldValue.object([
                Field("name", .string(model.rawValue)), Field("version", .string(modelVersion)),
                Field("state", .string("READY")), Field("reason", .string("")),
            ])
        }
        return .list(models)
    }
}
