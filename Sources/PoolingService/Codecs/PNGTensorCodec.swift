import MicroHTTP
import PoolingEngine
import PoolingWire

/// `image/png`: a picture in, a picture out; parameters in the query.
struct PNGTensorCodec: TensorCodec {
    let mediaTypes = [PoolingWire.MediaType.png]

    func decode(_ message: TensorMessage) throws(Failure) -> DecodedRequest {
        let bytes = message.body.bytes
        // A small file may unpack to a large picture, so its memory is set aside first.
        let pixels = try Failure.wrapping { () throws(WireError) in try PNGCodec.pixelByteCount(of: bytes) }
        if let pixels, pixels <= message.bodyLimit { try message.reservation.grow(by: pixels) }
        return try Failure.wrapping { () throws(WireError) in
            let parameters = try message.parameters()
            let request = try PNGCodec.decode(
                bytes, limit: message.bodyLimit, parameters: parameters, as: message.endpoint)
            return DecodedRequest(request: request, form: parameters.responseForm)
        }
    }

    func encode(_ result: PoolingResult, form: TensorForm) throws(EncodingRefusal) -> HTTPResponse.Body {
        HTTPResponse.Body(try PNGCodec.encode(result))
    }
}
