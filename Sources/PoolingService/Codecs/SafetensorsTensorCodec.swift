import MicroHTTP
import PoolingEngine
import PoolingWire
import RecycledMemory

/// `application/vnd.safetensors`: named tensors in and out; parameters in the query.
struct SafetensorsTensorCodec: TensorCodec {
    let mediaTypes = [PoolingWire.MediaType.safetensors]

    func decode(_ message: TensorMessage) throws(Failure) -> DecodedRequest {
        try message.decoded { (parameters) throws(WireError) in
            try SafetensorsCodec.decode(
                message.body, parameters: parameters, as: message.endpoint, in: message.workspace)
        }
    }

    func encode(_ result: PoolingResult, form: TensorForm, in workspace: Workspace) -> [Bytes] {
        SafetensorsCodec.encode(result)
    }
}
