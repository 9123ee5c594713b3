import MicroHTTP
import PoolingEngine
import PoolingWire
import Workers

/// `GET /v1/operations`: what this instance can do.
enum OperationsRoute {
    static let route = Route(
        "GET", "/v1/operations", .api,
        .answer { service, _ in
            HTTPResponse(
                status: 200, headers: [("Content-Type", "application/json")],
                body: .bytes(
                    OperationsDocument.json(
                        workers: service.crew.width, bodyLimit: service.admission.bodyLimit,
                        resultLimit: service.limits.resultByteCount)))
        })
}
