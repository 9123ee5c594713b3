import PoolingEngine
import RecycledMemory
import MicroHTTP
import PoolingWire

/// `POST /v1/batch`: many small independent requests in one body, each with a response of its own; JSON only.
struct BatchHandler: WorkHandler {
    static let route = Route("POST", "/v1/batch", .api, .work(BatchHandler()))

    let isBatch = true

    func read(_ message: Message, by pipeline: Pipeline, in workspace: Workspace) throws(Failure) -> Work {
        try message.checkIsJSON()
        var batch = Batch(message.record, pipeline, in: workspace)
        let count = try Failure.wrapping { () throws(WireError) in
            try message.body.withUnsafeBytes { (body) throws(WireError) in
                try JSONBatch.read(body, in: workspace) { batch.take($0) }
            }
        }
        pipeline.admission.charge(count - 1, message.record)
        return .batch(batch)
    }
}
