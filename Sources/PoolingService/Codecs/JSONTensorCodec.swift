import RecycledMemory
import MicroHTTP
import PoolingEngine
import PoolingWire
import Sharding

/// `application/json`, the format for everything.
struct JSONTensorCodec: TensorCodec {
    /// curl's default for `-d` is taken as JSON, so that `curl -d '{…}'` just works; so is what browsers send for a string.
    let mediaTypes = [PoolingWire.MediaType.json, "application/x-www-form-urlencoded", "text/plain"]
    /// The list of formats of endpoints that have no other.
    static let alone: [any TensorCodec] = [JSONTensorCodec()]
    private let templates = ThreadShards([RequestTemplate]())

    func decode(
        _ message: Message, as endpoint: PoolingRequest.Endpoint, in workspace: Workspace
    ) throws(Failure) -> DecodedRequest {
        try message.rejectQuery()
        return try Failure.wrapping { () throws(WireError) in
            try message.body.withUnsafeBytes { (body) throws(WireError) in
                try templates.decode(body, as: endpoint, in: workspace)
            }
        }
    }

    func fieldByteCount(in body: Bytes, _ headers: RequestHeaders) -> Int { body.count }

    func encode(
        _ result: PoolingResult, as format: ResponseFormat, in workspace: Workspace
    ) throws(EncodingFailure) -> ([Bytes], headers: [(name: String, value: String)]) {
        do throws(WireError) {
            return (try JSONCodec.encode(result, form: format.form, in: workspace), headers)
        } catch {
            throw .wire(error)
        }
    }

    func responseByteCount(resultByteCount: Int, _ format: ResponseFormat) -> Int {
        JSONCodec.expectedByteCount(resultByteCount: resultByteCount, form: format.form)
    }
}

extension Message {
    /// Checks a request to an endpoint that reads and writes JSON alone.
    func checkIsJSON() throws(Failure) {
        let decoder = try JSONTensorCodec.alone.decoder(contentType: headers.contentType)
        _ = try JSONTensorCodec.alone.encoders(accept: headers.accept, standard: decoder.mediaType)
        try rejectQuery()
    }

    /// A parameter in the query would be ignored, since those of JSON are in the body.
    func rejectQuery() throws(Failure) {
        guard let query else { return }
        let first = try Failure.wrapping { () throws(WireError) in try QueryString.firstName(query) }
        guard let first else { return }
        let detail = "'\(first.prefix(100))' is in the query string; with a JSON body, put every field in the body"
        throw .rejected(PoolingError(.unusedField, at: first.pointerEscaped, detail))
    }
}
