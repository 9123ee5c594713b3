package import MicroHTTP
package import PoolingEngine
import PoolingWire
package import RecycledMemory
package import Workers

/// The pooling service behind HTTP, or without it: a head and a body in, a response out.
package final class Service: HTTPApplication {
    package let router: Router
    package let admission: Admission
    package let workers: Workers
    package let limits: PoolingPlan.Limits
    package let metrics: Metrics
    package let lifecycle: Lifecycle
    let connections: ConnectionStatistics
    private let log: Log
    private let crossOrigin: CrossOrigin?
    private let finalizer: ResponseFinalizer
    private let pipeline: Pipeline
    private let plans = PlanCache()
    private let codecs: CodecList
    private let timeoutMilliseconds: UInt64

    /// - Parameter routes: a part of the table, for a service next to the main one on another port.
    package init(
        _ configuration: Configuration, routes: [Route] = RouteTable.all, log: Log, workers: Workers,
        admission: Admission, metrics: Metrics = Metrics(), lifecycle: Lifecycle = Lifecycle(),
        connections: ConnectionStatistics = ConnectionStatistics()
    ) {
        self.connections = connections
        router = Router(routes)
        self.admission = admission
        self.workers = workers
        self.metrics = metrics
        self.lifecycle = lifecycle
        self.log = log
        limits = PoolingPlan.Limits(resultByteCount: configuration.maxResult, work: configuration.maxWork)
        crossOrigin = configuration.corsOrigin.map(CrossOrigin.init)
        timeoutMilliseconds = configuration.requestTimeout.milliseconds
        finalizer = ResponseFinalizer(crossOrigin: crossOrigin)
        codecs = CodecList.standard()
        pipeline = Pipeline(
            workers: workers, memory: admission.memory, metrics: metrics, lifecycle: lifecycle, finalizer: finalizer)
    }

    var lostLogLineCount: Int { log.lostLineCount }

    package func decide(_ head: HTTPRequestHead) -> HTTPHeadDecision {
        metrics.began()
        let started = MonotonicInstant.now
        let found = Result { () throws(Failure) in try router.find(head.method, head.path) }
        let record = RequestRecord(
            head, headers: RequestHeaders(head), match: try? found.get(), started: started)
        if let crossOrigin, crossOrigin.isPreflight(head, record.headers) {
            return answered(.success(crossOrigin.preflightResponse), record)
        }
        do throws(Failure) {
            let deadline = try Deadline(
                requested: record.headers.requestTimeout, started: started, limitMilliseconds: timeoutMilliseconds)
            try admission.check(head, record, access: record.route?.access ?? .api)
            switch try found.get().route.action {
            case .work:
                try admission.memory.check(MemoryEstimate.announcedBody(head))
            case .answer(let answer):
                // A body that nobody reads is not received.
                if head.contentLength != 0 {
                    // Nothing can be handed to a worker from here, so a long response goes as it is.
                    var response = try answer(self, record.match?.parameters ?? .none)
                    if !ResponseCompression.isLong(response, for: record.headers) {
                        try ResponseCompression.apply(to: &response, record.headers, Workspace())
                    }
                    return answered(.success(response), record)
                }
            }
            let context = RequestContext(record: record, deadline: deadline)
            return .receive(bodyLimit: admission.bodyLimit, context: context)
        } catch {
            return answered(.failure(error), record)
        }
    }

    package func makeRoom(forBodyOf byteCount: Int, context: any HTTPContext) -> HTTPResponse? {
        guard let record = (context as? RequestContext)?.record else { return nil }
        do throws(Failure) {
            try admission.reserveBody(byteCount, record)
            return nil
        } catch {
            return finalizer.finalize(.failure(error), record)
        }
    }

    package func respond(to requests: [HTTPRequest]) -> [HTTPReply] {
        pipeline.finish(requests.map { begin($0.head, $0.body, $0.context, sink: $0.exchange) })
    }

    package func completed(context: any HTTPContext, wasSent: Bool) {
        guard let context = context as? RequestContext else { return }
        let record = context.record
        let outcome = record.current
        let duration = MonotonicInstant.now.since(record.started)
        admission.release(record)
        metrics.ended(record, outcome, duration: duration)
        log.request(record, outcome, total: duration)
    }

    package func response(to rejection: HTTPRejection, context: (any HTTPContext)?) -> HTTPResponse {
        let problem = Problem(rejection)
        if let record = (context as? RequestContext)?.record { return finalizer.finalize(problem, record) }
        metrics.rejected(problem)
        return finalizer.finalize(problem, requestID: RequestHeaders(rejection).requestID ?? RequestID.make())
    }

    /// The first step of the way to a request's reply.
    ///
    /// - Parameter sink: where the response goes if it comes later.
    private func begin(
        _ head: HTTPRequestHead, _ body: Bytes, _ context: any HTTPContext, sink: any ResponseSink
    ) -> RequestStage {
        guard let context = context as? RequestContext else { return .replied(.now(HTTPResponse(status: 500))) }
        let record = context.record
        record.update { $0.requestByteCount = body.count }
        switch record.route?.action {
        case nil: return .answered(.failure(.internal), record)
        case .answer(let answer):
            do throws(Failure) {
                let response = try answer(self, record.match?.parameters ?? .none)
                return pipeline.compressed(response, context, sink)
            } catch {
                return .answered(.failure(error), record)
            }
        case .work(let handler):
            do throws(Failure) {
                let call = Call(
                    body: body, coding: try ContentCoding.named(record.headers.contentEncoding), query: head.query,
                    path: record.match?.parameters ?? .none, record: record, limits: limits,
                    bodyLimit: admission.bodyLimit, admission: admission, codecs: codecs, plans: plans)
                return pipeline.begin(call, by: handler, context, sink: sink)
            } catch {
                return .answered(.failure(error), record)
            }
        }
    }

    /// The reply to a single request, on its way to any kind of sink.
    package func answer(
        _ head: HTTPRequestHead, _ body: Bytes, _ context: any HTTPContext, sink: any ResponseSink
    ) -> HTTPReply {
        pipeline.finalized(begin(head, body, context, sink: sink))
    }

    /// A response that needs no body.
    private func answered(_ result: Result<HTTPResponse, Failure>, _ record: RequestRecord) -> HTTPHeadDecision {
        let context = RequestContext(record: record, deadline: Deadline(record.started))
        return .answer(finalizer.finalize(result, record), context: context)
    }
}
