import MicroHTTP
import PoolingEngine
import Workers

/// The sequence of every request that computes: decode, plan, run, encode; here or on a worker.
///
/// A hop to a worker and back costs about 5 µs, so what takes less is done where it arrived: step by step for all
/// requests that arrived together.
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

    /// Decodes and plans a small request, and hands a large one to a worker.
    func begin(
        _ call: Call, by handler: any WorkHandler, _ context: RequestContext, sink: any AnswerSink
    ) -> RequestStage {
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
            switch work {
            case .answer(let response): return .answered(.success(response), record)
            case .computation(let computation) where isSmall(computation.plan): return .prepared(computation, context)
            case .computation(let computation):
                let lane: WorkerCrew.Lane = computation.plan.cost.operations < Self.heavyCost ? .light : .heavy
                return later(record, deadline(of: computation, context), sink, lane: lane) { () throws(Failure) in
                    try run(work, context)
                }
            }
        } catch {
            return .answered(.failure(error), record)
        }
    }

    /// Takes each of the steps that are left for all of the requests.
    func finish(_ begun: [RequestStage]) -> [HTTPReply] { begun.map(computed).map(encoded).map(sealed) }

    private func computed(_ stage: RequestStage) -> RequestStage {
        guard case .prepared(let computation, let context) = stage else { return stage }
        do throws(Failure) {
            return .computed(try compute(computation, context), computation, context.record)
        } catch {
            return .answered(.failure(error), context.record)
        }
    }

    private func encoded(_ stage: RequestStage) -> RequestStage {
        guard case .computed(let result, let computation, let record) = stage else { return stage }
        return .answered(Result { () throws(Failure) in try encode(result, computation, record) }, record)
    }

    /// The reply to a request, whatever steps are still left.
    func sealed(_ stage: RequestStage) -> HTTPReply {
        switch stage {
        case .prepared: sealed(computed(stage))
        case .computed: sealed(encoded(stage))
        case .answered(let result, let record): .now(seal.seal(result, record))
        case .replied(let reply): reply
        }
    }

    private func isSmall(_ plan: PoolingPlan) -> Bool {
        plan.cost.operations <= Self.inlineCost && plan.cost.resultByteCount <= Self.inlineResultByteCount
    }

    /// Hands `job` to a worker; what the line says no to is answered at once.
    private func later(
        _ record: RequestRecord, _ deadline: Deadline, _ sink: any AnswerSink, lane: WorkerCrew.Lane,
        _ job: @escaping @Sendable () throws(Failure) -> HTTPResponse
    ) -> RequestStage {
        let submitted = MonotonicInstant.now
        do throws(WorkerCrew.Refusal) {
            try crew.submit(deadline: deadline.continuous, lane: lane) { verdict in
                let waited = MonotonicInstant.now.since(submitted)
                record.update { $0.timings.queue = waited }
                metrics.observeWait(waited)
                sink.finish(seal.seal(Self.outcome(of: job, verdict, waited, sink), record))
            }
            return .replied(.later)
        } catch {
            return .answered(.failure(.notAdmitted(error)), record)
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
        try call.reservation.grow(by: MemoryEstimate.result(byteCount: plan.cost.resultByteCount))
        record.update {
            $0.labels = .init(operation: plan.operation, region: plan.region, kernel: plan.kernel)
            $0.shape = plan.shape
        }
        return work
    }

    private func run(_ work: PreparedWork, _ context: RequestContext) throws(Failure) -> HTTPResponse {
        switch work {
        case .answer(let response): response
        case .computation(let computation):
            try encode(compute(computation, context), computation, context.record)
        }
    }

    private func deadline(of computation: Computation, _ context: RequestContext) -> Deadline {
        context.deadline(shortenedTo: computation.timeoutMicroseconds)
    }

    private func compute(_ computation: Computation, _ context: RequestContext) throws(Failure) -> PoolingResult {
        let start = MonotonicInstant.now
        if deadline(of: computation, context).hasPassed(at: start) { throw .deadlineExceeded }
        let result = try execute(computation.plan)
        context.record.update { $0.timings.compute = MonotonicInstant.now.since(start) }
        return result
    }

    private func encode(
        _ result: PoolingResult, _ computation: Computation, _ record: RequestRecord
    ) throws(Failure) -> HTTPResponse {
        let start = MonotonicInstant.now
        var response = try computation.encode(result)
        ResponseCompression.apply(to: &response, Reservation(budget: memory, record: record))
        record.update { $0.timings.serialize = MonotonicInstant.now.since(start) }
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
