import MicroHTTP
import PoolingEngine
import PoolingWire

/// `application/json`, the format for everything.
struct JSONTensorCodec: TensorCodec {
    /// curl's default for `-d` is taken as JSON, so that `curl -d '{…}'` just works.
    let mediaTypes = ["application/json", "application/x-www-form-urlencoded"]

    func decode(
        _ body: HTTPBody, query: String?, as endpoint: PoolingRequest.Endpoint
    ) throws(Failure) -> DecodedRequest {
        try Self.refuseQuery(query)
        do throws(WireError) {
            let decoded = try JSONCodec.decode(body.bytes, as: endpoint)
            return DecodedRequest(request: decoded.request, form: decoded.form)
        } catch {
            throw .wire(error)
        }
    }

    func encode(_ result: PoolingResult, form: TensorForm) throws(Failure) -> HTTPResponse.Body {
        .bytes(JSONCodec.encode(result, form: form))
    }

    /// A parameter that stands in the query would be ignored, since those of JSON stand in the body.
    static func refuseQuery(_ query: String?) throws(Failure) {
        guard let query, !query.isEmpty else { return }
        let name = try QueryString.firstName(query)
        let field = name.replacing("~", with: "~0").replacing("/", with: "~1")
        let detail = "'\(name.prefix(100))' stands in the query; beside a JSON body all fields belong into the body"
        throw .refused(PoolingRefusal(.unusedField, at: field, detail))
    }
}
