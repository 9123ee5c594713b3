import MicroHTTP
import PoolingEngine
import PoolingWire
import RecycledMemory

/// `application/vnd.safetensors`: named tensors in and out; parameters in the query.
struct SafetensorsTensorCodec: TensorCodec {
    let mediaTypes = [PoolingWire.MediaType.safetensors]

    func decode(_ message: TensorMessage) throws(Failure) -> DecodedRequest {
        try Failure.wrapping { () throws(WireError) in
            let parameters = try message.parameters()
            let request = try SafetensorsCodec.decode(
                message.body, parameters: parameters, as: message.endpoint,
                in: message.workspace)
            return DecodedRequest(request: request, form: parameters.responseForm)
        }
    }

    func encode(_ result: PoolingResult, form: TensorForm, in workspace: Workspace) -> [Bytes] {
        SafetensorsCodec.encode(result)
    }
}
