import RecycledMemory
import MicroHTTP
import PoolingEngine
import PoolingWire

/// `image/png`: a picture in, a picture out; parameters in the query.
struct PNGTensorCodec: TensorCodec {
    let mediaTypes = [PoolingWire.MediaType.png]
    /// Bytes that a picture may have once it is unpacked.
    let bodyLimit: Int

    func decode(
        _ message: Message, as endpoint: PoolingRequest.Endpoint, in workspace: Workspace
    ) throws(Failure) -> DecodedRequest {
        try message.decoded { (parameters) throws(WireError) in
            try PNGCodec.decode(
                message.body, limit: bodyLimit, parameters: parameters, as: endpoint, in: workspace)
        }
    }

    func encode(
        _ result: PoolingResult, as format: ResponseFormat, in workspace: Workspace
    ) throws(EncodingFailure) -> ([Bytes], headers: [(name: String, value: String)]) {
        (try PNGCodec.encode(result, in: workspace), headers)
    }

    /// A picture whose `dtype` is asked for becomes a tensor.
    package func standardMediaType(of request: DecodedRequest) -> String {
        request.request.elementType == nil ? mediaType : PoolingWire.MediaType.npy
    }

    func unpackedByteCount(of body: Bytes) -> Int? { PNGCodec.announcedByteCount(body) }

    /// What does not shrink.
    func responseByteCount(resultByteCount: Int, _ format: ResponseFormat) -> Int { resultByteCount }
}
