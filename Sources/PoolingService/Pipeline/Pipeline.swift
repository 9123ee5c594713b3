import MicroHTTP
import PoolingEngine
import PoolingWire
import RecycledMemory
import Workers

/// The sequence of every request that computes: read, plan, run, write; here or on a worker.
///
/// A hop to a worker and back costs about 5 µs, so what takes less than some 100 µs is done where it arrived: step by step
/// for all requests that arrived together.
struct Pipeline: Sendable {
    /// A client that has closed its side and has waited this long is taken for gone.
    private static let patienceWithHungUp: UInt64 = 1_000_000_000

    let workers: Workers
    let memory: MemoryBudget
    let metrics: Metrics
    let lifecycle: Lifecycle
    let finalizer: ResponseFinalizer

    /// Reads and plans a small request, and hands a large one to a worker.
    func begin(
        _ call: Call, by handler: any WorkHandler, _ context: RequestContext, sink: any ResponseSink
    ) -> RequestStage {
        let record = context.record
        let byteCount = readingByteCount(of: call, handler)
        if case .worker(let lane) = ThreadChoice(readingByteCount: byteCount, isPacked: call.coding != nil) {
            return later(.read(call.holdingBody(), handler), context, sink, lane: lane)
        }
        do throws(Failure) {
            switch try prepare(call, by: handler, Workspace(), record) {
            case .answer(let response): return .answered(.success(response), record)
            case .computation(let computation):
                let isCompressed = record.headers.acceptEncoding != nil
                switch ThreadChoice(computation.plan.cost, isCompressed: isCompressed) {
                case .here: return .prepared(computation, context)
                case .worker(let lane): return later(.compute(computation), context, sink, lane: lane)
                }
            case .batch(let batch):
                return later(.batch(batch), context, sink, lane: ThreadChoice.lane(of: batch.cost))
            }
        } catch {
            return .answered(.failure(error), record)
        }
    }

    /// How many bytes reading a request goes through, about.
    private func readingByteCount(of call: Call, _ handler: any WorkHandler) -> Int {
        if let coding = call.coding {
            return max(coding.announcedByteCount(call.body) ?? 0, call.body.count)
        }
        return max(handler.readingByteCount(of: call), call.body.count + (call.query?.utf8.count ?? 0))
    }
}

// On the thread where they arrived
extension Pipeline {
    /// Takes each of the steps that are left for all of the requests.
    func finish(_ begun: [RequestStage]) -> [HTTPReply] { begun.map(computed).map(encoded).map(finalized) }

    private func computed(_ stage: RequestStage) -> RequestStage {
        guard case .prepared(let computation, let context) = stage else { return stage }
        let start = MonotonicInstant.now
        do throws(Failure) {
            if context.deadline(shortenedTo: computation.timeoutMicroseconds).hasPassed(at: start) {
                throw .deadlineExceeded
            }
            let result = try Driver.here.compute(computation.plan)
            context.record.update { $0.timings.compute = result.nanoseconds }
            return .computed(result, computation, context.record)
        } catch {
            return .answered(.failure(error), context.record)
        }
    }

    private func encoded(_ stage: RequestStage) -> RequestStage {
        guard case .computed(let result, let computation, let record) = stage else { return stage }
        do throws(Failure) {
            let response = try encode(result, computation.encode, Workspace(), record)
            return .answered(.success(response), record)
        } catch {
            return .answered(.failure(error), record)
        }
    }

    /// The reply to a request, whatever steps are still left.
    func finalized(_ stage: RequestStage) -> HTTPReply {
        switch stage {
        case .prepared: finalized(computed(stage))
        case .computed: finalized(encoded(stage))
        case .answered(let result, let record): .now(finalizer.finalize(result, record))
        case .replied(let reply): reply
        }
    }

    /// Compresses a response that is there already, on a worker where it is large and one has time.
    func compressed(_ response: HTTPResponse, _ context: RequestContext, _ sink: any ResponseSink) -> RequestStage {
        let record = context.record
        var response = response
        guard ResponseCompression.isLong(response, for: record.headers) else {
            try? ResponseCompression.apply(to: &response, record.headers, Workspace())
            return .answered(.success(response), record)
        }
        do throws(Workers.Rejection) {
            try workers.submit { [response] verdict in
                var response = response
                if verdict == .proceed {
                    try? ResponseCompression.apply(
                        to: &response, record.headers, Workspace(memory: RequestMemory(memory)))
                }
                sink.finish(finalizer.finalize(.success(response), record))
            }
            return .replied(.later)
        } catch {
            return .answered(.success(response), record)
        }
    }
}

// On workers
extension Pipeline {
    /// How far a worker has come with a request.
    private enum Progress {
        /// There is more to do, in this lane.
        case more(Workers.Lane)
        case done(HTTPResponse)
    }

    /// Hands a request to a worker; requests that the queue rejects get their response at once.
    private func later(
        _ step: WorkerRequest.Step, _ context: RequestContext, _ sink: any ResponseSink, lane: Workers.Lane
    ) -> RequestStage {
        let request = WorkerRequest(
            step, context, sink: sink, memory: RequestMemory(memory),
            stop: WorkStop(context.deadline, sink: sink, lifecycle: lifecycle)
        ) { [workers] count, body in workers.run(count, body) }
        do throws(Failure) {
            if case .compute(let computation) = step { try announce(computation, of: request) }
            try submit(request, lane)
            return .replied(.later)
        } catch {
            return .answered(.failure(error), context.record)
        }
    }

    private func submit(_ request: WorkerRequest, _ lane: Workers.Lane) throws(Failure) {
        let submitted = MonotonicInstant.now
        do throws(Workers.Rejection) {
            try workers.submit(
                deadline: request.stop.deadline.continuous, lane: lane,
                isUnwanted: { Self.isUnwanted(request, since: submitted) }
            ) { verdict in
                let waited = MonotonicInstant.now.since(submitted)
                request.record.update { $0.timings.queue += waited }
                metrics.observeWait(waited)
                guard let outcome = outcome(of: request, lane, verdict) else { return }
                request.memory.settle()
                request.sink.finish(finalizer.finalize(outcome, request.record))
            }
        } catch {
            throw .notAdmitted(error)
        }
    }

    private static func isUnwanted(_ request: WorkerRequest, since submitted: MonotonicInstant) -> Bool {
        if request.sink.isAbandoned { return true }
        return MonotonicInstant.now.since(submitted) > patienceWithHungUp && request.sink.hasHungUp
    }

    /// - Returns: nil where the request has been handed on.
    private func outcome(
        of request: WorkerRequest, _ lane: Workers.Lane, _ verdict: Workers.Verdict
    ) -> Result<HTTPResponse, Failure>? {
        switch verdict {
        case .expired where !request.hasReadBatch: return .failure(.deadlineExceeded)
        case .abandoned: return .failure(.draining)
        case .unwanted: return .failure(.clientGone)
        // The entries of a batch that a worker has read get their own responses.
        case .proceed, .expired: break
        }
        request.stop.begin()
        do throws(Failure) {
            return try work(on: request, in: lane).map { .success($0) }
        } catch {
            guard error.isStop, let cause = request.stop.cause else { return .failure(error) }
            metrics.stopped(cause)
            return .failure(cause.failure)
        }
    }

    /// Takes one step after the other.
    ///
    /// - Returns: nil where the request has turned out to be heavy and waits for its turn in that lane.
    private func work(on request: WorkerRequest, in lane: Workers.Lane) throws(Failure) -> HTTPResponse? {
        while true {
            do throws(Failure) {
                try request.stop.check()
            } catch {
                guard request.outlivesDeadline, request.stop.cause == .deadline else { throw error }
            }
            switch try takeStep(of: request, in: lane) {
            case .done(let response): return response
            case .more(.light): continue
            case .more(.heavy):
                if lane == .heavy { continue }
                try submit(request, .heavy)
                return nil
            }
        }
    }

    /// Takes one step; what it no longer needs is gone when it returns.
    private func takeStep(of request: WorkerRequest, in lane: Workers.Lane) throws(Failure) -> Progress {
        let (record, workspace) = (request.record, request.workspace)
        switch request.takeStep() {
        case .read(let call, let handler) where call.coding != nil:
            let start = MonotonicInstant.now
            let limit = lane == .light ? ThreadChoice.lightByteCount : call.bodyLimit
            guard let plain = try call.unpacked(upTo: limit, workspace) else {
                request.put(.read(call, handler))
                return .more(.heavy)
            }
            record.update { $0.timings.parse += MonotonicInstant.now.since(start) }
            request.put(.read(plain, handler))
            return .more(ThreadChoice.lane(readingByteCount: readingByteCount(of: plain, handler)))
        case .read(let call, let handler):
            switch try prepare(call, by: handler, workspace, record) {
            case .answer(let response): return .done(response)
            case .computation(let computation):
                try announce(computation, of: request)
                request.put(.compute(computation))
                return .more(ThreadChoice.lane(of: computation.plan.cost))
            case .batch(let batch):
                request.put(.batch(batch))
                return .more(ThreadChoice.lane(of: batch.cost))
            }
        case .batch(let batch):
            let start = MonotonicInstant.now
            var response = try batch.response(
                by: driver(of: request), request.stop, requestID: record.id, countingTo: metrics)
            record.update { $0.timings.compute = MonotonicInstant.now.since(start) }
            try ResponseCompression.apply(to: &response, record.headers, workspace.withoutCancellation)
            return .done(response)
        case .compute(let computation):
            let result = try compute(computation, for: request)
            request.put(.encode(result, computation.encode))
            return .more(.light)
        case .encode(let result, let encode):
            return .done(try self.encode(result, encode, workspace, record))
        case nil: throw .internal
        }
    }

    /// Reserves the memory of a computation, and keeps to the deadline of its request.
    private func announce(_ computation: Computation, of request: WorkerRequest) throws(Failure) {
        let cost = computation.plan.cost
        try request.memory.prepay(
            MemoryEstimate.sum(
                cost.resultByteCount, cost.scratchByteCount(threads: workers.width), computation.responseByteCount))
        request.stop.shorten(to: request.context.deadline(shortenedTo: computation.timeoutMicroseconds))
    }

    private func compute(_ computation: Computation, for request: WorkerRequest) throws(Failure) -> ComputedResult {
        let result = try driver(of: request).compute(computation.plan)
        request.record.update { $0.timings.compute = result.nanoseconds }
        return result
    }

    private func driver(of request: WorkerRequest) -> Driver {
        Driver(workspace: request.workspace, threads: workers.width, memory: request.memory)
    }
}

// Steps that are the same everywhere
extension Pipeline {
    private func prepare(
        _ call: Call, by handler: any WorkHandler, _ workspace: Workspace, _ record: RequestRecord
    ) throws(Failure) -> PreparedWork {
        let start = MonotonicInstant.now
        defer { record.update { $0.timings.parse += MonotonicInstant.now.since(start) } }
        let work = try handler.prepare(call, in: workspace)
        guard case .computation(let computation) = work else { return work }
        let plan = computation.plan
        record.update {
            $0.labels = .init(operation: plan.operation, region: plan.region, kernel: plan.kernel)
            $0.shape = plan.shape
        }
        return work
    }

    private func encode(
        _ result: ComputedResult, _ encode: Computation.Encoder, _ workspace: Workspace, _ record: RequestRecord
    ) throws(Failure) -> HTTPResponse {
        let start = MonotonicInstant.now
        var response = try encode(result, workspace)
        try ResponseCompression.apply(to: &response, record.headers, workspace)
        record.update { $0.timings.serialize = MonotonicInstant.now.since(start) }
        return response
    }
}
