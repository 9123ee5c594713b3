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

    func prepare(_ call: Call, in workspace: Workspace) throws(Failure) -> PreparedWork {
        let model = try OpenInferenceModel.named(in: call.path)
        call.record.update { $0.model = model }
        try JSONTensorCodec.rejectQuery(call.query)
        let decoded = try Failure.wrapping { () throws(WireError) in
            try OpenInferenceCodec.decode(
                call.body, headerLength: call.headers.inferenceHeaderLength, as: model,
                in: workspace)
        }
        let (plan, reply) = (try call.plan(decoded.request), decoded.reply)
        let notices = plan.notices
        let responseByteCount =
            reply.isBinary
            ? 0 : JSONCodec.expectedByteCount(resultByteCount: plan.cost.resultByteCount, form: .flat)
        return .computation(
            Computation(
                plan: plan, responseByteCount: responseByteCount,
                timeoutMicroseconds: Self.timeout(decoded.timeoutMicroseconds)
            ) { result, workspace throws(Failure) in
                var response = try Self.response(result, reply, model, workspace)
                response.append(notices)
                return response
            })
    }

    /// 0 is Triton's way to say none.
    private static func timeout(_ microseconds: Int?) -> UInt64? {
        microseconds.flatMap { $0 > 0 ? UInt64($0) : nil }
    }

    private static func response(
        _ result: ComputedResult, _ reply: OpenInferenceReply, _ model: PoolingRequest.Endpoint,
        _ workspace: Workspace
    ) throws(Failure) -> HTTPResponse {
        let encoded = try Failure.wrapping { () throws(WireError) in
            try OpenInferenceCodec.encode(result.tensors, for: reply, model: model, in: workspace)
        }
        var response = HTTPResponse(
            status: 200, headers: [("Content-Type", encoded.mediaType)], body: result.body(encoded.body))
        if let count = encoded.jsonByteCount { response.headers.append((headerName, String(count))) }
        return response
    }
}
