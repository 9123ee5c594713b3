import RecycledMemory
import MicroHTTP
import PoolingEngine
import PoolingWire

/// `application/x-npy`: one tensor in, one tensor out; parameters in the query.
struct NpyTensorCodec: TensorCodec {
    let mediaTypes = [PoolingWire.MediaType.npy]

    func decode(
        _ message: Message, as endpoint: PoolingRequest.Endpoint, in workspace: Workspace
    ) throws(Failure) -> DecodedRequest {
        try message.decoded { (parameters) throws(WireError) in
            try NpyCodec.decode(message.body, parameters: parameters, as: endpoint, in: workspace)
        }
    }

    func encode(
        _ result: PoolingResult, as format: ResponseFormat, in workspace: Workspace
    ) throws(EncodingFailure) -> ([Bytes], headers: [(name: String, value: String)]) {
        do throws(EncodingRejection) {
            return (try NpyCodec.encode(result), headers)
        } catch {
            throw .rejected(error)
        }
    }
}
