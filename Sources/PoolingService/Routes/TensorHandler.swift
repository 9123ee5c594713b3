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
        let encoders = try call.codecs.encoders(accept: call.headers.accept, requestCodec: decoder)
        let message = TensorMessage(
            body: try call.plainBody(), query: call.query, endpoint: endpoint, bodyLimit: call.bodyLimit,
            reservation: call.reservation)
        let decoded = try decoder.decode(message)
        let form = decoded.form
        let plan = try call.plan(decoded.request)
        let notices = plan.notices
        return .computation(
            Computation(plan: plan) { result throws(Failure) in
                var response = try Self.response(result, by: encoders, form)
                response.append(notices)
                return response
            })
    }

    /// Writes `result` with the first of `encoders` that can.
    private static func response(
        _ result: PoolingResult, by encoders: [any TensorCodec], _ form: TensorForm
    ) throws(Failure) -> HTTPResponse {
        var refusals: [EncodingRefusal] = []
        for encoder in encoders {
            do throws(EncodingRefusal) {
                var response = HTTPResponse(status: 200, body: try encoder.encode(result, form: form))
                // With room for what the seal adds.
                response.headers.reserveCapacity(4)
                response.headers.append(("Content-Type", encoder.mediaType))
                response.headers.append(("Vary", "Accept"))
                return response
            } catch {
                refusals.append(error)
            }
        }
        throw .notAcceptable(detail: refusals.first?.detail ?? "")
    }
}
