import MicroHTTP
import PoolingEngine
import PoolingWire
import RecycledMemory

/// `image/png`: a picture in, a picture out; parameters in the query.
struct PNGTensorCodec: TensorCodec {
    let mediaTypes = [PoolingWire.MediaType.png]

    func decode(_ message: TensorMessage) throws(Failure) -> DecodedRequest {
        try message.decoded { (parameters) throws(WireError) in
            try PNGCodec.decode(
                message.body, limit: message.bodyLimit, parameters: parameters, as: message.endpoint,
                in: message.workspace)
        }
    }

    func encode(
        _ result: PoolingResult, form: TensorForm, in workspace: Workspace
    ) throws(EncodingFailure) -> [Bytes] {
        try PNGCodec.encode(result, in: workspace)
    }

    /// A picture whose `dtype` is asked for becomes a tensor.
    package func standardMediaType(of request: PoolingRequest) -> String {
        request.elementType == nil ? mediaType : PoolingWire.MediaType.npy
    }

    func unpackedByteCount(of body: Bytes) -> Int? { PNGCodec.announcedByteCount(body) }

    /// What does not shrink.
    func responseByteCount(resultByteCount: Int, form: TensorForm) -> Int { resultByteCount }
}
