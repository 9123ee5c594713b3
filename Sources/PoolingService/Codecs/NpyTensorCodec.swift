import MicroHTTP
import PoolingEngine
import PoolingWire
import RecycledMemory

/// `application/x-npy`: one tensor in, one tensor out; parameters in the query.
struct NpyTensorCodec: TensorCodec {
    let mediaTypes = [PoolingWire.MediaType.npy]

    func decode(_ message: TensorMessage) throws(Failure) -> DecodedRequest {
        try message.decoded { (parameters) throws(WireError) in
            try NpyCodec.decode(
                message.body, parameters: parameters, as: message.endpoint, in: message.workspace)
        }
    }

    func encode(
        _ result: PoolingResult, form: TensorForm, in workspace: Workspace
    ) throws(EncodingFailure) -> [Bytes] {
        do throws(EncodingRejection) {
            return try NpyCodec.encode(result)
        } catch {
            throw .rejected(error)
        }
    }
}
