import MicroHTTP
import PoolingEngine
import Workers

/// The sequence of every request that computes: decode, plan, run, encode; here or on a worker.
///
/// A hop to a worker and back costs about 5 µs, so what takes less is done where it arrived.
struct Pipeline: Sendable {
    /// Larger bodies are decoded on a worker: at 10 ns a number, this many bytes take some 100 µs.
    private static let inlineBodyByteCount = 64 << 10
    /// Element operations: some 10 µs where a vector kernel runs.
    private static let inlineCost = 16_384
    /// Writing a result takes longer than computing it: this many bytes are 4096 float32, about 60 µs.
    private static let inlineResultByteCount = 16 << 10
    /// From here on a job is heavy, so that it does not stand in the way of small ones: a few milliseconds.
    private static let heavyCost = 4 << 20
    private static let heavyBodyByteCount = 1 << 20
    /// A client that has closed its side and has waited this long is taken for gone.
    private static let patienceWithHungUp: UInt64 = 1_000_000_000

    let crew: WorkerCrew
    let memory: MemoryBudget
    let metrics: Metrics
    let seal: ResponseSeal

    func respond(
        to call: Call, by handler: any WorkHandler, _ context: RequestContext, sink: any AnswerSink
    ) -> HTTPReply {
        let record = context.record
        let bodySize = call.body.bytes.count
        // What is packed may be large, however small it looks.
        guard bodySize <= Self.inlineBodyByteCount, call.headers.contentEncoding == nil else {
            let lane: WorkerCrew.Lane = bodySize < Self.heavyBodyByteCount ? .light : .heavy
            return later(record, context.deadline, sink, lane: lane) { () throws(Failure) in
                try run(prepare(call, by: handler, record), context)
            }
        }
        do throws(Failure) {
            let work = try prepare(call, by: handler, record)
            guard case .computation(let computation) = work, !isSmall(computation.plan) else {
                return .now(seal.seal(.success(try run(work, context)), record))
            }
            let deadline = context.deadline(shortenedTo: computation.timeoutMicroseconds)
            let lane: WorkerCrew.Lane = computation.plan.cost < Self.heavyCost ? .light : .heavy
            return later(record, deadline, sink, lane: lane) { () throws(Failure) in try run(work, context) }
        } catch {
            return .now(seal.seal(.failure(error), record))
        }
    }

    private func isSmall(_ plan: PoolingPlan) -> Bool {
        plan.cost <= Self.inlineCost && plan.resultByteCount <= Self.inlineResultByteCount
    }

    /// Hands `job` to a worker; what the line says no to is answered at once.
    private func later(
        _ record: RequestRecord, _ deadline: Deadline, _ sink: any AnswerSink, lane: WorkerCrew.Lane,
        _ job: @escaping @Sendable () throws(Failure) -> HTTPResponse
    ) -> HTTPReply {
        let submitted = MonotonicInstant.now
        do throws(WorkerCrew.Refusal) {
            try crew.submit(deadline: deadline.continuous, lane: lane) { verdict in
                let waited = MonotonicInstant.now.since(submitted)
                record.update { $0.timings.queue = waited }
                metrics.observeWait(waited)
                sink.finish(seal.seal(Self.outcome(of: job, verdict, waited, sink), record))
            }
            return .later
        } catch {
            return .now(seal.seal(.failure(.notAdmitted(error)), record))
        }
    }

    private static func outcome(
        of job: () throws(Failure) -> HTTPResponse, _ verdict: WorkerCrew.Verdict, _ waited: UInt64,
        _ sink: any AnswerSink
    ) -> Result<HTTPResponse, Failure> {
        switch verdict {
        case .expired: .failure(.deadlineExceeded)
        case .abandoned: .failure(.draining)
        case .proceed where sink.isAbandoned || (waited > patienceWithHungUp && sink.hasHungUp): .failure(.clientGone)
        case .proceed: Result(catching: job)
        }
    }

    private func prepare(
        _ call: Call, by handler: any WorkHandler, _ record: RequestRecord
    ) throws(Failure) -> PreparedWork {
        let start = MonotonicInstant.now
        defer { record.update { $0.timings.parse = MonotonicInstant.now.since(start) } }
        let work = try handler.prepare(call)
        guard case .computation(let computation) = work else { return work }
        let plan = computation.plan
        try call.reservation.grow(by: MemoryEstimate.result(byteCount: plan.resultByteCount))
        record.update {
            $0.labels = .init(operation: plan.operation, region: plan.region, kernel: plan.kernel)
            $0.shape = plan.shape
        }
        return work
    }

    private func run(_ work: PreparedWork, _ context: RequestContext) throws(Failure) -> HTTPResponse {
        switch work {
        case .answer(let response): return response
        case .computation(let computation):
            let deadline = context.deadline(shortenedTo: computation.timeoutMicroseconds)
            return try run(computation, context.record, deadline)
        }
    }

    private func run(
        _ computation: Computation, _ record: RequestRecord, _ deadline: Deadline
    ) throws(Failure) -> HTTPResponse {
        let start = MonotonicInstant.now
        if deadline.hasPassed(at: start) { throw .deadlineExceeded }
        let result = try execute(computation.plan)
        let computed = MonotonicInstant.now
        var response = try computation.encode(result)
        ResponseCompression.apply(to: &response, Reservation(budget: memory, record: record))
        record.update {
            $0.timings.compute = computed.since(start)
            $0.timings.serialize = MonotonicInstant.now.since(computed)
        }
        return response
    }

    private func execute(_ plan: PoolingPlan) throws(Failure) -> PoolingResult {
        do throws(PoolingRefusal) {
            let slices = plan.sliceCount(threads: crew.width)
            guard slices > 1 else { return try plan.execute() }
            return try plan.execute(slices: slices) { [crew] count, body in crew.run(count, body) }
        } catch {
            throw .refused(error)
        }
    }
}
