import MicroHTTP
import PoolingEngine
import PoolingWire
import RecycledMemory

/// `POST /v1/shape`: JSON only, since no tensor is involved.
struct ShapeHandler: WorkHandler {
    static let route = Route("POST", "/v1/shape", .api, .work(ShapeHandler()))

    private static let codecs = CodecList([JSONTensorCodec()])

    /// A layer takes as long as hundreds of bytes of other requests, and may be a few bytes long.
    private static let weight = 32

    func readingByteCount(of call: Call) -> Int {
        call.body.count.multipliedReportingOverflow(by: Self.weight).partialValue
    }

    func prepare(_ call: Call, in workspace: Workspace) throws(Failure) -> PreparedWork {
        let decoder = try Self.codecs.decoder(contentType: call.headers.contentType)
        _ = try Self.codecs.encoders(accept: call.headers.accept, standard: decoder.mediaType)
        try JSONTensorCodec.rejectQuery(call.query)
        let query = try Failure.wrapping { () throws(WireError) in
            try call.body.withUnsafeBytes { (body) throws(WireError) in
                try JSONCodec.decodeFields(body, in: workspace)
            }
        }
        let report = try Failure.rejecting { () throws(PoolingError) in
            try ShapeQuery.answer(query.fields, elementType: query.elementType)
        }
        let encoded = try Failure.wrapping { () throws(WireError) in
            try JSONCodec.encode(.object(report), in: workspace)
        }
        var response = HTTPResponse(
            status: 200, headers: [("Content-Type", "application/json")], body: encoded)
        response.append(PoolingNotice.all(ofShapeQuery: query.fields))
        return .answer(response)
    }
}
