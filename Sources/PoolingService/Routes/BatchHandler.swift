import MicroHTTP
import PoolingEngine
import PoolingWire
import RecycledMemory

/// `POST /v1/batch`: many small independent requests in one body, each with a response of its own; JSON only.
struct BatchHandler: WorkHandler {
    static let route = Route("POST", "/v1/batch", .api, .work(BatchHandler()))

    private static let codecs = CodecList([JSONTensorCodec()])

    let outlivesDeadline = true

    /// Always work for a worker: of the entries nothing is known before they are read.
    func readingByteCount(of call: Call) -> Int { max(call.body.count, ThreadChoice.inlineByteCount + 1) }

    func prepare(_ call: Call, in workspace: Workspace) throws(Failure) -> PreparedWork {
        let decoder = try Self.codecs.decoder(contentType: call.headers.contentType)
        _ = try Self.codecs.encoders(accept: call.headers.accept, standard: decoder.mediaType)
        try JSONTensorCodec.rejectQuery(call.query)
        var batch = Batch(call, in: workspace)
        let count = try Failure.wrapping { () throws(WireError) in
            try call.body.withUnsafeBytes { (body) throws(WireError) in
                try JSONBatch.read(body, in: workspace.withoutCancellation) { batch.take($0) }
            }
        }
        call.admission.charge(count - 1, call.record)
        return .batch(batch)
    }
}
