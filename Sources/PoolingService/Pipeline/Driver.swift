import MicroHTTP
import PoolingEngine
import PoolingWire
import RecycledMemory
import Workers

/// Takes work forward, one step at a time: of the requests that arrived together, of one request on a worker, or of the
/// entries of a batch.
struct Driver: Sendable {
    let pipeline: Pipeline
    let workspace: Workspace
    /// Threads that compute a plan, the caller's included.
    let threads: Int
    /// Reserves results and scratch; nil where both are small.
    let memory: RequestMemory?
    /// nil where a step takes no time that is worth stopping.
    let stop: WorkStop?

    /// For small requests, on the thread where they arrived.
    init(_ pipeline: Pipeline) {
        (self.pipeline, workspace, threads, memory, stop) = (pipeline, Workspace(), 1, nil, nil)
    }

    /// For a request on workers.
    init(_ pipeline: Pipeline, _ memory: RequestMemory, _ stop: WorkStop) {
        self.pipeline = pipeline
        workspace = Workspace(
            runner: { [workers = pipeline.workers] count, body in workers.run(count, body) }, memory: memory,
            cancellation: stop.cancellation())
        threads = pipeline.workers.width
        self.memory = memory
        self.stop = stop
    }

    /// Takes the next step of each of `works`.
    func step(_ works: inout [Work?]) {
        for index in works.indices {
            guard var work = works[index].take() else { continue }
            step(&work)
            works[index] = work
        }
    }

    /// Takes the next step; memory that is not needed any more is given back when it returns.
    func step(_ work: inout Work) {
        // Taken, so that it is not copied.
        var current = Work.done(.failure(.internal))
        swap(&current, &work)
        do throws(Failure) {
            switch current {
            case .read(let message): work = try read(message)
            case .planned(let plan, let format):
                let (result, memory) = try compute(plan, format.record)
                work = .computed(result, memory: memory, format)
            case .batch(let batch): work = try respond(to: batch)
            case .computed(let result, let memory, let format): work = try write(result, memory, format)
            case .done(let result): work = .done(result)
            }
        } catch {
            work = .done(.failure(error))
        }
    }

    private func read(_ message: Message) throws(Failure) -> Work {
        let start = MonotonicInstant.now
        defer { message.record.update { $0.timings.parse += MonotonicInstant.now.since(start) } }
        if let coding = message.coding { return .read(try unpacked(message, coding)) }
        let work = try message.handler.read(message, by: pipeline, in: workspace)
        try reserve(work)
        return work
    }

    /// The message without its content coding, or as it is where its body is too large for its lane.
    private func unpacked(_ message: Message, _ coding: ContentEncoding) throws(Failure) -> Message {
        let bodyLimit = pipeline.admission.bodyLimit
        let lane = ThreadChoice.lane(readingByteCount: message.readingByteCount)
        let limit = lane == .light ? min(ThreadChoice.lightByteCount, bodyLimit) : bodyLimit
        do throws(WireError) {
            let body = try coding.decompress(message.body, limit: limit, in: workspace)
            return pipeline.message(message.record, message.handler, body, coding: nil)
        } catch {
            if case .rejected(let rejection) = error, rejection.reason == .resultTooLarge, limit < bodyLimit {
                return message.withLargeBody
            }
            throw Failure(error)
        }
    }

    /// Reserves the memory of a plan before it is computed, on workers.
    func reserve(_ work: Work) throws(Failure) {
        guard let memory, case .planned(let plan, let format) = work else { return }
        let responseByteCount = format.encoders.first?.responseByteCount(
            resultByteCount: plan.cost.resultByteCount, format)
        let needed = MemoryEstimate.sum(
            plan.cost.resultByteCount, plan.cost.scratchByteCount(threads: threads), responseByteCount ?? 0)
        try Failure.reserving { () throws(MemoryShortage) in try memory.prepay(needed) }
    }

    /// Computes a plan.
    ///
    /// - Parameter record: nil for an entry of a batch.
    /// - Returns: the result, and the memory that is reserved for it.
    func compute(_ plan: PoolingPlan, _ record: RequestRecord?) throws(Failure) -> (PoolingResult, MemoryLease?) {
        let start = record.map { _ in MonotonicInstant.now }
        if stop == nil, let start, let record, record.deadline <= start { throw .deadlineExceeded }
        let result = try lease(plan.cost.resultByteCount)
        let scratch = try lease(plan.cost.scratchByteCount(threads: threads))
        defer { withExtendedLifetime(scratch) {} }
        let tensors = try Failure.rejecting { () throws(PoolingError) in
            guard let runner = workspace.runner else {
                return try plan.execute(cancellation: workspace.cancellation)
            }
            return try plan.execute(
                slices: plan.sliceCount(threads: threads), cancellation: workspace.cancellation, on: runner)
        }
        if let start { record?.update { $0.timings.compute = MonotonicInstant.now.since(start) } }
        return (tensors, result)
    }

    private func respond(to batch: Batch) throws(Failure) -> Work {
        let start = MonotonicInstant.now
        var response = try batch.response(by: self)
        batch.record.update { $0.timings.compute = MonotonicInstant.now.since(start) }
        try ResponseCompression.apply(to: &response, batch.record.headers, workspace.withoutCancellation)
        return .done(.success(response))
    }

    private func lease(_ byteCount: Int) throws(Failure) -> MemoryLease? {
        // Less is part of what every request is allowed, as for blocks.
        guard byteCount >= MemoryRecycler.smallestByteCount, let memory else { return nil }
        return try Failure.reserving { () throws(MemoryShortage) in try MemoryLease(byteCount, from: memory) }
    }

    private func write(
        _ result: PoolingResult, _ memory: MemoryLease?, _ format: ResponseFormat
    ) throws(Failure) -> Work {
        let start = MonotonicInstant.now
        var (body, headers) = try format.encode(result, in: workspace)
        if let memory {
            // Pieces that are the result's tensors keep their reservation.
            body = body.map { piece in
                let isView = result.labelledTensors.contains { $0.tensor.storage.sharesMemory(with: piece) }
                return isView ? piece.keeping(memory) : piece
            }
        }
        var response = HTTPResponse(status: 200, headers: headers, body: body)
        response.append(format.notices)
        if let record = format.record {
            try ResponseCompression.apply(to: &response, record.headers, workspace)
            record.update { $0.timings.serialize = MonotonicInstant.now.since(start) }
        }
        return .done(.success(response))
    }
}
