import MicroHTTP
import PoolingEngine
import PoolingWire

/// `POST /v1/forward`, `/v1/backward` and `/v1/unpool`: a tensor in, a tensor out.
struct TensorHandler: WorkHandler {
    static let routes = PoolingRequest.Endpoint.allCases.map { endpoint in
        Route("POST", "/v1/" + endpoint.rawValue, .api, .work(TensorHandler(endpoint: endpoint)))
    }

    let endpoint: PoolingRequest.Endpoint

    func readingByteCount(of call: Call) -> Int {
        (try? call.codecs.decoder(contentType: call.headers.contentType))?.unpackedByteCount(of: call.body) ?? 0
    }

    func prepare(_ call: Call, in workspace: Workspace) throws(Failure) -> PreparedWork {
        let decoder = try call.codecs.decoder(contentType: call.headers.contentType)
        let message = TensorMessage(
            body: call.body, query: call.query, endpoint: endpoint, bodyLimit: call.bodyLimit, workspace: workspace)
        let decoded = try decoder.decode(message)
        let encoders = try call.codecs.encoders(
            accept: call.headers.accept, standard: decoder.standardMediaType(of: decoded.request))
        let (plan, form) = (try call.plan(decoded.request), decoded.form)
        let notices = plan.notices
        let responseByteCount = encoders.first?.responseByteCount(
            resultByteCount: plan.cost.resultByteCount, form: form)
        return .computation(
            Computation(plan: plan, responseByteCount: responseByteCount ?? 0) { result, workspace throws(Failure) in
                var response = try Self.response(result, by: encoders, form, workspace)
                response.append(notices)
                return response
            })
    }

    /// Writes `result` with the first of `encoders` that can.
    private static func response(
        _ result: ComputedResult, by encoders: [any TensorCodec], _ form: TensorForm, _ workspace: Workspace
    ) throws(Failure) -> HTTPResponse {
        var rejections: [EncodingRejection] = []
        for encoder in encoders {
            do throws(EncodingFailure) {
                let encoded = try encoder.encode(result.tensors, form: form, in: workspace)
                var response = HTTPResponse(status: 200, body: result.body(encoded))
                // With room for what the finalizer adds.
                response.headers.reserveCapacity(4)
                response.headers.append(("Content-Type", encoder.mediaType))
                response.headers.append(("Vary", "Accept"))
                return response
            } catch {
                switch error {
                case .rejected(let rejection): rejections.append(rejection)
                case .wire(let error): throw .wire(error)
                }
            }
        }
        throw .notAcceptable(detail: rejections.first?.detail ?? "")
    }
}
