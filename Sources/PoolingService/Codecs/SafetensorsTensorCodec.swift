import RecycledMemory
import MicroHTTP
import PoolingEngine
import PoolingWire

/// `application/vnd.safetensors`: named tensors in and out; parameters in the query.
struct SafetensorsTensorCodec: TensorCodec {
    let mediaTypes = [PoolingWire.MediaType.safetensors]

    func decode(
        _ message: Message, as endpoint: PoolingRequest.Endpoint, in workspace: Workspace
    ) throws(Failure) -> DecodedRequest {
        try message.decoded { (parameters) throws(WireError) in
            try SafetensorsCodec.decode(message.body, parameters: parameters, as: endpoint, in: workspace)
        }
    }

    func encode(
        _ result: PoolingResult, as format: ResponseFormat, in workspace: Workspace
    ) -> ([Bytes], headers: [(name: String, value: String)]) {
        (SafetensorsCodec.encode(result), headers)
    }
}
