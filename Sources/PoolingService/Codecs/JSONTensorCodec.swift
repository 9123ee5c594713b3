import MicroHTTP
import PoolingEngine
import PoolingWire
import RecycledMemory

/// `application/json`, the format for everything.
struct JSONTensorCodec: TensorCodec {
    /// curl's default for `-d` is taken as JSON, so that `curl -d '{…}'` just works; so is what browsers send for a string.
    let mediaTypes = [PoolingWire.MediaType.json, "application/x-www-form-urlencoded", "text/plain"]
    private let templates = RequestTemplates()

    func decode(_ message: TensorMessage) throws(Failure) -> DecodedRequest {
        try Self.rejectQuery(message.query)
        let decoded = try Failure.wrapping { () throws(WireError) in
            try message.body.withUnsafeBytes { (body) throws(WireError) in
                try templates.decode(body, as: message.endpoint, in: message.workspace)
            }
        }
        return DecodedRequest(request: decoded.request, form: decoded.form)
    }

    /// What planning many ops or layers takes, in bytes of reading.
    private static let listWeight = 32

    func unpackedByteCount(of body: Bytes) -> Int? {
        let count = body.count
        guard count <= ThreadChoice.inlineByteCount, count * Self.listWeight > ThreadChoice.inlineByteCount,
            body.withUnsafeBytes({ RequestLists.mayBe(in: $0) })
        else { return nil }
        return count * Self.listWeight
    }

    func encode(
        _ result: PoolingResult, form: TensorForm, in workspace: Workspace
    ) throws(EncodingFailure) -> [Bytes] {
        do throws(WireError) {
            return try JSONCodec.encode(result, form: form, in: workspace)
        } catch {
            throw .wire(error)
        }
    }

    func responseByteCount(resultByteCount: Int, form: TensorForm) -> Int {
        JSONCodec.expectedByteCount(resultByteCount: resultByteCount, form: form)
    }

    /// A parameter in the query would be ignored, since those of JSON are in the body.
    static func rejectQuery(_ query: String?) throws(Failure) {
        guard let query else { return }
        let first = try Failure.wrapping { () throws(WireError) in try QueryString.firstName(query) }
        guard let first else { return }
        let detail = "'\(first.prefix(100))' is in the query string; with a JSON body, put every field in the body"
        throw .rejected(PoolingError(.unusedField, at: first.pointerEscaped, detail))
    }
}
