import RecycledMemory
import MicroHTTP
import PoolingEngine
import PoolingWire

/// Inference requests of the Open Inference Protocol: JSON, and the bytes of tensors behind it.
///
/// Neither `Content-Type` nor `Accept` is looked at, because the protocol's clients send none: the body and the header
/// `Inference-Header-Content-Length` say all.
struct OpenInferenceTensorCodec: TensorCodec {
    private static let headerName = "Inference-Header-Content-Length"

    let mediaTypes = [PoolingWire.MediaType.json]

    func decode(
        _ message: Message, as endpoint: PoolingRequest.Endpoint, in workspace: Workspace
    ) throws(Failure) -> DecodedRequest {
        try message.rejectQuery()
        return try Failure.wrapping { () throws(WireError) in
            try OpenInferenceCodec.decode(
                message.body, headerLength: message.headers.inferenceHeaderLength,
                as: endpoint, in: workspace)
        }
    }

    func fieldByteCount(in body: Bytes, _ headers: RequestHeaders) -> Int {
        headers.inferenceHeaderLength.flatMap { Int($0) }.map { max(0, $0) } ?? body.count
    }

    func encode(
        _ result: PoolingResult, as format: ResponseFormat, in workspace: Workspace
    ) throws(EncodingFailure) -> ([Bytes], headers: [(name: String, value: String)]) {
        do throws(WireError) {
            let encoded = try OpenInferenceCodec.encode(result, for: format.responseOptions, in: workspace)
            var headers = [(name: "Content-Type", value: encoded.mediaType)]
            if let count = encoded.jsonByteCount { headers.append((Self.headerName, String(count))) }
            return (encoded.body, headers)
        } catch {
            throw .wire(error)
        }
    }

    func responseByteCount(resultByteCount: Int, _ format: ResponseFormat) -> Int {
        format.responseOptions.isBinary ? 0 : JSONCodec.expectedByteCount(resultByteCount: resultByteCount, form: .flat)
    }
}
