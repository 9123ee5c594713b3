import PoolingEngine
import PoolingWire

/// `POST /v1/forward`, `/v1/backward` and `/v1/unpool`: a tensor in, a tensor out.
struct TensorHandler: WorkHandler {
    static let routes = PoolingRequest.Endpoint.allCases.map { endpoint in
        Route("POST", "/v1/" + endpoint.rawValue, .api, .work(TensorHandler(endpoint: endpoint)))
    }

    let endpoint: PoolingRequest.Endpoint

    func codec(for headers: RequestHeaders, _ pipeline: Pipeline) throws(Failure) -> any TensorCodec {
        try pipeline.codecs.decoder(contentType: headers.contentType)
    }

    func read(_ message: Message, by pipeline: Pipeline, in workspace: Workspace) throws(Failure) -> Work {
        let decoder = try codec(for: message.headers, pipeline)
        let decoded = try decoder.decode(message, as: endpoint, in: workspace)
        let encoders = try pipeline.codecs.encoders(
            accept: message.headers.accept, standard: decoder.standardMediaType(of: decoded))
        return try pipeline.work(decoded, encoders, for: message, in: workspace)
    }
}
