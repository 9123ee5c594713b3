import PoolingEngine
import PoolingWire

/// `POST /v2/models/{model}/infer`: the same work as under `/v1`, in the words of the Open Inference Protocol.
struct InferenceHandler: WorkHandler {
    static let routes = PoolingRequest.Endpoint.modelPaths("/infer").map { path in
        Route("POST", path, .api, .work(InferenceHandler()))
    }

    func codec(for headers: RequestHeaders, _ pipeline: Pipeline) -> any TensorCodec { OpenInferenceTensorCodec() }

    func read(_ message: Message, by pipeline: Pipeline, in workspace: Workspace) throws(Failure) -> Work {
        let (record, codec) = (message.record, codec(for: message.headers, pipeline))
        let model = try PoolingRequest.Endpoint.model(in: record.parameters)
        record.update { $0.model = model }
        let decoded = try codec.decode(message, as: model, in: workspace)
        let work = try pipeline.work(decoded, [codec], for: message, in: workspace)
        // 0 is Triton's way to say none.
        if let timeout = decoded.timeoutMicroseconds, timeout > 0 {
            record.shorten(to: record.started.advanced(byMicroseconds: UInt64(timeout)))
        }
        return work
    }
}
