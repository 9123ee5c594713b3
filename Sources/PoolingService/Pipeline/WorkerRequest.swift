import MicroHTTP
import PoolingEngine
import RecycledMemory
import Workers
import Synchronization

/// A request that is worked on by workers, perhaps by one after the other.
final class WorkerRequest: Sendable {
    let request: HTTPRequest
    let record: RequestRecord
    let memory: RequestMemory
    let stop: WorkStop
    let workspace: Workspace
    private let work = Mutex<Work?>(nil)

    init(_ request: HTTPRequest, _ record: RequestRecord, _ pipeline: Pipeline) {
        self.request = request
        self.record = record
        memory = RequestMemory(pipeline.admission.memory)
        stop = WorkStop(request, record, pipeline.lifecycle)
        workspace = Workspace(
            threads: pipeline.workers.width,
            runner: { [workers = pipeline.workers] count, body in workers.run(count, body) }, memory: memory,
            cancellation: stop.cancellation())
    }

    /// Whether the deadline ends parts of the work, not all of it.
    var isBatch: Bool {
        if case .work(let handler) = record.route?.action { handler.isBatch } else { false }
    }

    /// Whether a batch was read, and its entries are still to be computed.
    var hasReadBatch: Bool {
        work.withLock { work in if case .batch = work { true } else { false } }
    }

    func take() -> Work? { work.withLock { $0.take() } }

    func put(_ work: Work) { self.work.withLock { $0 = work } }

    /// Reserves the memory of a plan before it is computed.
    func reserve(_ work: Work) throws(Failure) {
        guard case .planned(let plan, _, let format) = work else { return }
        let resultByteCount = plan.cost.resultByteCount
        let responseByteCount = format.encoders.first?.responseByteCount(resultByteCount: resultByteCount, format)
        let needed =
            resultByteCount
            .addingSaturating(plan.cost.scratchByteCount(threads: workspace.threads))
            .addingSaturating(responseByteCount ?? 0)
        try Failure.reserving { () throws(MemoryShortage) in try memory.prepay(needed) }
    }
}
