import MicroHTTP
import PoolingEngine
import PoolingWire

/// `POST /v1/shape`: JSON only, since no tensor is involved.
struct ShapeHandler: WorkHandler {
    static let route = Route("POST", "/v1/shape", .api, .work(ShapeHandler()))

    private static let codecs = CodecList([JSONTensorCodec()])

    func prepare(_ call: Call) throws(Failure) -> PreparedWork {
        let decoder = try Self.codecs.decoder(contentType: call.headers.contentType)
        _ = try Self.codecs.encoders(accept: call.headers.accept, requestCodec: decoder)
        try JSONTensorCodec.refuseQuery(call.query)
        return .answer(try Self.response(try call.plainBody()))
    }

    private static func response(_ body: HTTPBody) throws(Failure) -> HTTPResponse {
        let query = try Failure.wrapping { () throws(WireError) in try JSONCodec.decodeFields(body.bytes) }
        var response = HTTPResponse(
            status: 200, headers: [("Content-Type", "application/json")],
            body: .bytes(JSONCodec.encode(try report(query.fields, query.elementType))))
        response.append(PoolingNotice.all(fields: query.fields, shape: query.fields.wholeNumbers("input_shape")))
        return response
    }

    private static func report(_ fields: [Field], _ elementType: ElementType?) throws(Failure) -> [Field] {
        do throws(PoolingRefusal) {
            return try ShapeQuery.answer(fields, elementType: elementType)
        } catch {
            throw .refused(error)
        }
    }
}
