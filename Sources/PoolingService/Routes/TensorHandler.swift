import MicroHTTP
import PoolingEngine
import PoolingWire

/// `POST /v1/forward`, `/v1/backward` and `/v1/unpool`: a tensor in, a tensor out.
struct TensorHandler: WorkHandler {
    static let routes = PoolingRequest.Endpoint.allCases.map { endpoint in
        Route("POST", "/v1/" + endpoint.rawValue, .api, .work(TensorHandler(endpoint: endpoint)))
    }

    let endpoint: PoolingRequest.Endpoint

    func prepare(_ call: Call) throws(Failure) -> PreparedWork {
        let decoder = try call.codecs.decoder(contentType: call.headers.contentType)
        let encoder = try call.codecs.encoder(accept: call.headers.accept, requestCodec: decoder)
        let body = try ContentCoding.decoded(call.body, coding: call.headers.contentEncoding)
        let decoded = try decoder.decode(body, query: call.query, as: endpoint)
        let form = decoded.form
        return .plan(try Self.plan(decoded.request, call.limits)) { result throws(Failure) in
            HTTPResponse(
                status: 200, headers: [("Content-Type", encoder.mediaTypes.first ?? "")],
                body: try encoder.encode(result, form: form))
        }
    }

    private static func plan(
        _ request: PoolingRequest, _ limits: PoolingPlan.Limits
    ) throws(Failure) -> PoolingPlan {
        do throws(PoolingRefusal) {
            return try PoolingPlan(request, limits: limits)
        } catch {
            throw .refused(error)
        }
    }
}
