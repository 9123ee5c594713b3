import RecycledMemory
import MicroHTTP
import PoolingEngine
import PoolingWire

/// `POST /v1/shape`: JSON only, since no tensor is involved.
struct ShapeHandler: WorkHandler {
    static let route = Route("POST", "/v1/shape", .api, .work(ShapeHandler()))

    func read(_ message: Message, by pipeline: Pipeline, in workspace: Workspace) throws(Failure) -> Work {
        try message.checkIsJSON()
        let query = try Failure.wrapping { () throws(WireError) in
            try message.body.withUnsafeBytes { (body) throws(WireError) in
                try JSONCodec.decodeFields(body, in: workspace)
            }
        }
        return .done(.success(try Self.response(to: query.fields, query.elementType, in: workspace)))
    }

    static func response(
        to fields: [Field], _ elementType: ElementType?, in workspace: Workspace
    ) throws(Failure) -> HTTPResponse {
        let report = try Failure.rejecting { () throws(PoolingError) in
            try ShapeQuery.result(fields, elementType: elementType)
        }
        let encoded = try Failure.wrapping { () throws(WireError) in
            try JSONCodec.encode(.object(report), in: workspace)
        }
        var response = HTTPResponse(
            status: 200, headers: [("Content-Type", PoolingWire.MediaType.json)], body: encoded)
        response.append(PoolingNotice.all(ofShapeQuery: fields))
        return response
    }
}
