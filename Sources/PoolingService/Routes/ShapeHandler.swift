import MicroHTTP
import PoolingEngine
import PoolingWire

/// `POST /v1/shape`: JSON only, since no tensor is involved.
struct ShapeHandler: WorkHandler {
    static let route = Route("POST", "/v1/shape", .api, .work(ShapeHandler()))

    private static let codecs = CodecList([JSONTensorCodec()])

    func prepare(_ call: Call) throws(Failure) -> PreparedWork {
        let decoder = try Self.codecs.decoder(contentType: call.headers.contentType)
        _ = try Self.codecs.encoder(accept: call.headers.accept, requestCodec: decoder)
        try JSONTensorCodec.refuseQuery(call.query)
        let body = try ContentCoding.decoded(call.body, coding: call.headers.contentEncoding)
        let answer = try Self.answer(body)
        return .answer(
            HTTPResponse(
                status: 200, headers: [("Content-Type", "application/json")], body: .bytes(JSONCodec.encode(answer))))
    }

    private static func answer(_ body: HTTPBody) throws(Failure) -> [Field] {
        let query = try decoded(body)
        do throws(PoolingRefusal) {
            return try ShapeQuery.answer(query.fields, elementType: query.elementType)
        } catch {
            throw .refused(error)
        }
    }

    private static func decoded(
        _ body: HTTPBody
    ) throws(Failure) -> (fields: [Field], elementType: ElementType?) {
        do throws(WireError) {
            return try JSONCodec.decodeFields(body.bytes)
        } catch {
            throw .wire(error)
        }
    }
}
