import MicroHTTP
import PoolingEngine
import PoolingWire

/// `POST /v2/models/{model}/infer`: the same work as under `/v1`, in the words of the Open Inference Protocol.
///
/// Neither `Content-Type` nor `Accept` is looked at, because the protocol's clients send none: the body and the header
/// `Inference-Header-Content-Length` say all.
struct InferenceHandler: WorkHandler {
    static let routes = OpenInferenceModel.paths("/infer").map { path in
        Route("POST", path, .api, .work(InferenceHandler()))
    }

    private static let headerName = "Inference-Header-Content-Length"

    func prepare(_ call: Call) throws(Failure) -> PreparedWork {
        let model = try OpenInferenceModel.named(in: call.path)
        call.record.update { $0.model = model }
        try JSONTensorCodec.refuseQuery(call.query)
        let body = try call.plainBody()
        let decoded = try Failure.wrapping { () throws(WireError) in
            try OpenInferenceCodec.decode(
                body.bytes, owner: body, headerLength: call.headers.inferenceHeaderLength, as: model)
        }
        let plan = try call.plan(decoded.request)
        let notices = plan.notices
        return .computation(
            Computation(plan: plan, timeoutMicroseconds: Self.timeout(decoded.timeoutMicroseconds)) {
                result throws(Failure) in
                var response = try Self.response(result, decoded.reply, model)
                response.append(notices)
                return response
            })
    }

    /// 0 is Triton's way to say none.
    private static func timeout(_ microseconds: Int?) -> UInt64? {
        microseconds.flatMap { $0 > 0 ? UInt64($0) : nil }
    }

    private static func response(
        _ result: PoolingResult, _ reply: OpenInferenceReply, _ model: PoolingRequest.Endpoint
    ) throws(Failure) -> HTTPResponse {
        let encoded = try Failure.wrapping { () throws(WireError) in
            try OpenInferenceCodec.encode(result, for: reply, model: model)
        }
        var response = HTTPResponse(
            status: 200, headers: [("Content-Type", encoded.mediaType)], body: HTTPResponse.Body(encoded.body))
        if let count = encoded.jsonByteCount { response.headers.append((headerName, String(count))) }
        return response
    }
}
