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
        let answer = try Self.answer(try call.plainBody())
        return .answer(
            HTTPResponse(
                status: 200, headers: [("Content-Type", "application/json")], body: .bytes(JSONCodec.encode(answer))))
    }

    private static func answer(_ body: HTTPBody) throws(Failure) -> [Field] {
        let query = try Failure.wrapping { () throws(WireError) in try JSONCodec.decodeFields(body.bytes) }
        do throws(PoolingRefusal) {
            return try ShapeQuery.answer(query.fields, elementType: query.elementType)
        } catch {
            throw .refused(error)
        }
    }
}
