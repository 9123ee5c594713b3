import RecycledMemory
import MicroHTTP
package import PoolingEngine
import PoolingWire
package import Workers

/// The sequence of every request that computes: read, plan, compute, write; here or on a worker.
///
/// A hop to a worker and back costs about 5 µs, so what takes less than some 100 µs is done where it arrived: step by step
/// for all requests that arrived together.
package final class Pipeline: Sendable {
    /// A client that has closed its side and has waited this long is taken for gone.
    private static let patienceWithHungUp: UInt64 = 1_000_000_000
    /// What planning many ops or layers takes, in bytes of reading.
    private static let listWeight = 32

    package let workers: Workers
    package let admission: Admission
    package let limits: PoolingPlan.Limits
    package let codecs: [any TensorCodec]
    let metrics: Metrics
    let lifecycle: Lifecycle
    let finalizer: ResponseFinalizer
    private let plans = PlanCache()

    init(
        workers: Workers, admission: Admission, limits: PoolingPlan.Limits, metrics: Metrics, lifecycle: Lifecycle,
        finalizer: ResponseFinalizer
    ) {
        self.workers = workers
        self.admission = admission
        self.limits = limits
        self.metrics = metrics
        self.lifecycle = lifecycle
        self.finalizer = finalizer
        codecs = .standard(bodyLimit: admission.bodyLimit)
    }

    /// Checks the fields of a request.
    func plan(
        _ decoded: DecodedRequest, _ limits: PoolingPlan.Limits, in workspace: Workspace
    ) throws(Failure) -> (plan: PoolingPlan, operands: Operands) {
        try Failure.rejecting { () throws(PoolingError) in
            try decoded.plan(by: plans, limits: limits, cancellation: workspace.cancellation)
        }
    }

    /// Checks the fields of a message, whose response one of `encoders` writes.
    func work(
        _ decoded: DecodedRequest, _ encoders: [any TensorCodec], for message: Message, in workspace: Workspace
    ) throws(Failure) -> Work {
        let record = message.record
        var limits = limits
        if message.isInline { limits.planByteCount = min(limits.planByteCount, Work.inlinePlanByteCount) }
        let (plan, operands) = try plan(decoded, limits, in: workspace)
        record.update {
            $0.labels = .init(operation: plan.operation, region: plan.region, kernel: plan.kernel)
            $0.shape = operands.main.shape
        }
        return .planned(plan, operands, ResponseFormat(decoded, plan, encoders, record))
    }

    func message(
        _ record: RequestRecord, _ handler: any WorkHandler, _ body: Bytes, coding: ContentEncoding?
    ) -> Message {
        Message(
            record: record, handler: handler, body: body, coding: coding,
            readingByteCount: readingByteCount(of: body, coding, record, handler))
    }

    /// How many bytes reading a request goes through, about, or as many as its work is worth.
    private func readingByteCount(
        of body: Bytes, _ coding: ContentEncoding?, _ record: RequestRecord, _ handler: any WorkHandler
    ) -> Int {
        if let coding { return max(coding.announcedByteCount(body) ?? 0, body.count) }
        if handler.isBatch { return max(body.count, Work.inlineByteCount + 1) }
        let query = record.head.query
        let count = body.count + (query?.utf8.count ?? 0)
        let codec = try? handler.codec(for: record.headers, self)
        if let unpacked = codec?.unpackedByteCount(of: body), unpacked > count { return unpacked }
        guard count <= Work.inlineByteCount, count * Self.listWeight > Work.inlineByteCount else {
            return count
        }
        let fieldByteCount = codec?.fieldByteCount(in: body, record.headers) ?? 0
        let hasLists =
            body.withUnsafeBytes { RequestLists.mayBe(in: UnsafeRawBufferPointer(rebasing: $0.prefix(fieldByteCount))) }
            || query.map(RequestLists.mayBe(inQuery:)) == true
        return hasLists ? count * Self.listWeight : count
    }
}

// On the thread where requests arrived
extension Pipeline {
    /// Takes requests as far as they come on this thread, each step for all of them, and hands the others to workers.
    ///
    /// - Parameter works: nil for a request that has been handed to a worker.
    func respond(
        to requests: [HTTPRequest], _ records: [RequestRecord], _ works: inout [Work?]
    ) -> [HTTPResponseDecision] {
        let workspace = Workspace()
        while works.contains(where: { $0?.isDone == false }) {
            for index in works.indices {
                guard let work = works[index], !work.isInline else { continue }
                handOver(&works[index], requests[index], records[index], work.lane)
            }
            step(&works, in: workspace)
        }
        return works.indices.map { index in
            guard case .done(let result) = works[index] else { return .later }
            return .now(finalizer.finalize(result, records[index]))
        }
    }

    /// Compresses a response that is there already, on a worker where it is large and one has time.
    ///
    /// - Returns: nil where a worker does it.
    func compressed(_ response: HTTPResponse, _ request: HTTPRequest, _ record: RequestRecord) -> Work? {
        var response = response
        if ResponseCompression.applyIfShort(to: &response, record.headers) { return .done(.success(response)) }
        do throws(Workers.Rejection) {
            try workers.submit { [self, response] verdict in
                var response = response
                if verdict == .proceed {
                    let workspace = Workspace(memory: RequestMemory(admission.memory))
                    try? ResponseCompression.apply(to: &response, record.headers, workspace)
                }
                request.finish(finalizer.finalize(.success(response), record))
            }
            return nil
        } catch {
            return .done(.success(response))
        }
    }
}

// On workers
extension Pipeline {
    /// Hands a request to a worker; one that the queue rejects is done at once.
    private func handOver(
        _ work: inout Work?, _ request: HTTPRequest, _ record: RequestRecord, _ lane: Workers.Lane
    ) {
        guard var handed = work.take() else { return }
        if case .read(let message) = handed { handed = .read(message.holdingBody(on: admission.memory)) }
        let job = WorkerRequest(request, record, self)
        do throws(Failure) {
            try job.reserve(handed)
            job.put(handed)
            try submit(job, lane)
        } catch {
            work = .done(.failure(error))
        }
    }

    private func submit(_ job: WorkerRequest, _ lane: Workers.Lane) throws(Failure) {
        let submitted = MonotonicInstant.now
        do throws(Workers.Rejection) {
            try workers.submit(
                deadline: job.record.deadline.continuous, lane: lane,
                isUnwanted: { Self.isUnwanted(job.request, since: submitted) }
            ) { [self] verdict in
                let waited = MonotonicInstant.now.since(submitted)
                job.record.update { $0.timings.queue += waited }
                metrics.observeWait(waited)
                guard let outcome = outcome(of: job, lane, verdict) else { return }
                job.memory.settle()
                job.request.finish(finalizer.finalize(outcome, job.record))
            }
        } catch {
            throw Failure(error)
        }
    }

    private static func isUnwanted(_ request: HTTPRequest, since submitted: MonotonicInstant) -> Bool {
        if request.isAbandoned { return true }
        return MonotonicInstant.now.since(submitted) > patienceWithHungUp && request.hasHungUp
    }

    /// - Returns: nil where the request has been handed on.
    private func outcome(
        of job: WorkerRequest, _ lane: Workers.Lane, _ verdict: Workers.Verdict
    ) -> Result<HTTPResponse, Failure>? {
        switch verdict {
        case .expired where !job.hasReadBatch: return .failure(.deadlineExceeded)
        case .abandoned: return .failure(.draining)
        case .unwanted: return .failure(.clientGone)
        // The entries of a batch that a worker has read get their own responses.
        case .proceed, .expired: break
        }
        job.stop.begin()
        do throws(Failure) {
            return try work(on: job, in: lane).map { .success($0) }
        } catch {
            guard case .stopped = error, let cause = job.stop.cause else { return .failure(error) }
            metrics.stopped(cause)
            return .failure(cause.failure)
        }
    }

    /// Takes one step after the other.
    ///
    /// - Returns: nil where the request has turned out to be heavy and waits for its turn in that lane.
    private func work(on job: WorkerRequest, in lane: Workers.Lane) throws(Failure) -> HTTPResponse? {
        // Taken, so that bodies and tensors live no longer than they are worked on.
        guard var work = job.take() else { throw .internal }
        while true {
            if case .done(let result) = work { return try result.get() }
            if lane == .light, work.lane == .heavy {
                job.put(work)
                try submit(job, .heavy)
                return nil
            }
            do throws(Failure) {
                try job.stop.check()
            } catch {
                guard job.isBatch, job.stop.cause == .deadline else { throw error }
            }
            step(&work, in: job.workspace, stop: job.stop)
            try job.reserve(work)
        }
    }
}
