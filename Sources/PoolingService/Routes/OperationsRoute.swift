import MicroHTTP
import PoolingEngine
import PoolingWire
import Workers

/// `GET /v1/operations`: what this instance can do.
enum OperationsRoute {
    static let route = Route(
        "GET", "/v1/operations", .api,
        .respond { service, _ throws(Failure) in
            let document = try Failure.wrapping { () throws(WireError) in
                try OperationsDocument.json(
                    workers: service.workers.width, bodyLimit: service.admission.bodyLimit, service.pipeline.limits)
            }
            return HTTPResponse(
                status: 200, headers: [("Content-Type", "application/json")], body: document)
        })
}
