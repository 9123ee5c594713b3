import RecycledMemory
package import MicroHTTP
import PoolingEngine
import PoolingWire
import RecycledMemory
package import Workers

/// The pooling service behind HTTP, or without it: a head and a body in, a response out.
package final class Service: HTTPApplication {
    package let router: Router
    package let admission: Admission
    package let workers: Workers
    package let metrics: Metrics
    package let lifecycle: Lifecycle
    let connections: ConnectionStatistics
    private let log: Log
    private let crossOrigin: CrossOrigin?
    private let finalizer: ResponseFinalizer
    let pipeline: Pipeline
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
        crossOrigin = configuration.corsOrigin.map(CrossOrigin.init)
        timeoutMilliseconds = configuration.requestTimeout.milliseconds
        finalizer = ResponseFinalizer(crossOrigin: crossOrigin)
        pipeline = Pipeline(
            workers: workers, admission: admission,
            limits: PoolingPlan.Limits(
                resultByteCount: configuration.maxResult, work: configuration.maxWork,
                planByteCount: configuration.memoryBudget / 4),
            metrics: metrics, lifecycle: lifecycle, finalizer: finalizer)
    }

    var lostLogLineCount: Int { log.lostLineCount }

    package var bodyLimit: Int { admission.bodyLimit }

    package func decide(_ head: HTTPRequestHead) -> (context: any HTTPContext, response: HTTPResponse?) {
        metrics.began()
        let started = MonotonicInstant.now
        let found = Result { () throws(Failure) in try router.find(head.method, head.path) }
        let match = try? found.get()
        let record = RequestRecord(
            head, route: match?.route, parameters: match?.parameters ?? [:], started: started)
        if let crossOrigin, crossOrigin.isPreflight(head, record.headers) {
            return (record, finalizer.finalize(.success(crossOrigin.preflightResponse), record))
        }
        do throws(Failure) {
            let timeout = min(try record.headers.timeoutMilliseconds() ?? .max, timeoutMilliseconds)
            record.shorten(to: started.advanced(byMilliseconds: timeout))
            try admission.check(record, access: record.route?.access ?? .api)
            switch try found.get().route.action {
            case .work: try admission.checkRoom(for: head)
            case .respond(let respond):
                // A body that nobody reads is not received.
                if head.contentLength != 0 {
                    // Nothing can be handed to a worker from here, so a long response goes as it is.
                    var response = try respond(self, record.parameters)
                    _ = ResponseCompression.applyIfShort(to: &response, record.headers)
                    return (record, finalizer.finalize(.success(response), record))
                }
            }
            return (record, nil)
        } catch {
            return (record, finalizer.finalize(.failure(error), record))
        }
    }

    package func makeRoom(forBodyOf byteCount: Int, context: any HTTPContext) -> HTTPResponse? {
        let record = record(of: context)
        do throws(Failure) {
            try admission.reserveBody(byteCount, record)
            return nil
        } catch {
            return finalizer.finalize(.failure(error), record)
        }
    }

    package func respond(to requests: [HTTPRequest]) -> [HTTPResponseDecision] {
        let records = requests.map { record(of: $0.context) }
        var works = zip(requests, records).map(begin)
        return pipeline.respond(to: requests, records, &works)
    }

    package func completed(context: any HTTPContext, wasSent: Bool) {
        let record = record(of: context)
        let outcome = record.current
        let duration = MonotonicInstant.now.since(record.started)
        admission.release(record)
        metrics.ended(record, outcome, duration: duration)
        log.request(record, outcome, total: duration)
    }

    package func response(to rejection: HTTPRejection, context: (any HTTPContext)?) -> HTTPResponse {
        let problem = Problem(.http(rejection))
        if let context { return finalizer.finalize(problem, record(of: context)) }
        metrics.rejected(problem)
        return finalizer.finalize(problem, requestID: RequestHeaders(rejection).requestID ?? RequestID.make())
    }

    /// What ``decide(_:)`` made for the HTTP layer, which hands it back as it is.
    ///
    /// The only cast of a context. Of any other kind one would be a request without a route, which is a 500.
    private func record(of context: any HTTPContext) -> RequestRecord {
        context as? RequestRecord ?? RequestRecord(HTTPRequestHead(method: "", path: ""))
    }

    /// The work on a request; nil where a worker does all of it.
    private func begin(_ request: HTTPRequest, _ record: RequestRecord) -> Work? {
        let body = request.takeBody()
        record.update { $0.requestByteCount = body.count }
        do throws(Failure) {
            switch record.route?.action {
            case nil: throw .internal
            case .respond(let respond):
                return pipeline.compressed(try respond(self, record.parameters), request, record)
            case .work(let handler):
                let coding = try ContentCoding.named(record.headers.contentEncoding)
                return .read(pipeline.message(record, handler, body, coding: coding))
            }
        } catch {
            return .done(.failure(error))
        }
    }
}
