import MicroHTTP
import PoolingEngine
import PoolingWire

/// The requests of the Open Inference Protocol, and of Triton, other than inference.
enum OpenInferenceRoutes {
    static let all: [Route] =
        ["/v2", "/v2/"].map { path in
            Route(
                "GET", path, .api,
                .respond { _, _ throws(Failure) in try json(OpenInferenceMetadata.server(version: BuildInfo.version)) })
        } + [live, ready, index, statistics]
        + model("/ready", .monitoring) { service, model throws(Failure) in try readiness(of: model, service) }
        + model("", .api) { _, model throws(Failure) in try json(OpenInferenceMetadata.model(model)) }
        + model("/config", .api) { _, model throws(Failure) in try json(OpenInferenceMetadata.configuration(model)) }
        + model("/stats", .api) { service, model throws(Failure) in
            try json(OpenInferenceStatistics.document([service.metrics.total().statistics(of: model)]))
        }

    private static let live = Route(
        "GET", "/v2/health/live", .monitoring,
        .respond { _, _ throws(Failure) in try json([Field("live", .bool(true))]) })

    /// 503 while new requests would be rejected.
    private static let ready = Route(
        "GET", "/v2/health/ready", .monitoring,
        .respond { service, _ throws(Failure) in
            let isReady = service.readiness == .ready
            return try json([Field("ready", .bool(isReady))], status: isReady ? 200 : 503)
        })

    private static let index = Route(
        "POST", "/v2/repository/index", .api,
        .respond { _, _ throws(Failure) in try json(OpenInferenceMetadata.repositoryIndex()) })

    /// Of all models; a model cannot have this name.
    private static let statistics = Route(
        "GET", "/v2/models/stats", .api,
        .respond { service, _ throws(Failure) in
            let total = service.metrics.total()
            return try json(
                OpenInferenceStatistics.document(PoolingRequest.Endpoint.allCases.map { total.statistics(of: $0) }))
        })

    /// The routes of a model's resource, with and without a version.
    private static func model(
        _ resource: String, _ access: Route.Access,
        _ respond: @escaping @Sendable (Service, PoolingRequest.Endpoint) throws(Failure) -> HTTPResponse
    ) -> [Route] {
        PoolingRequest.Endpoint.modelPaths(resource).map { path in
            Route(
                "GET", path, access,
                .respond { service, path throws(Failure) in
                    try respond(service, try PoolingRequest.Endpoint.model(in: path))
                })
        }
    }

    private static func readiness(
        of model: PoolingRequest.Endpoint, _ service: Service
    ) throws(Failure) -> HTTPResponse {
        let isReady = service.readiness == .ready
        return try json(
            [Field("name", .string(model.rawValue)), Field("ready", .bool(isReady))], status: isReady ? 200 : 503)
    }

    private static func json(_ fields: [Field], status: Int = 200) throws(Failure) -> HTTPResponse {
        try json(.object(fields), status: status)
    }

    private static func json(_ value: FieldValue, status: Int = 200) throws(Failure) -> HTTPResponse {
        let encoded = try Failure.wrapping { () throws(WireError) in try JSONCodec.encode(value) }
        return HTTPResponse(
            status: status, headers: [("Content-Type", PoolingWire.MediaType.json)], body: encoded)
    }
}
