import Dispatch
import MicroHTTP
import PoolingService
import RecycledMemory
import Synchronization
import Workers

/// The service without a socket.
struct DirectService {
    let service: Service
    let log: CapturedLog

    init(
        _ configuration: Configuration = Configuration(), routes: [Route] = RouteTable.all, workers: Int = 2,
        lifecycle: Lifecycle = Lifecycle()
    ) throws {
        log = try CapturedLog(level: configuration.logLevel, format: configuration.logFormat)
        service = Service(
            configuration, routes: routes, log: log.log,
            workers: Workers(width: workers, queueLimit: configuration.queueDepth),
            admission: try Admission(configuration), lifecycle: lifecycle)
    }

    /// One request from its head to the end of its response.
    func send(
        _ method: String, _ target: String, body: [UInt8] = [], headers: [(name: String, value: String)] = [],
        contentLength: Int? = nil, peer: String = "127.0.0.1"
    ) -> HTTPResponse {
        let parts = target.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        let head = HTTPRequestHead(
            method: method, path: parts[0], query: parts.count > 1 ? parts[1] : nil, headers: headers,
            contentLength: contentLength ?? body.count, peer: peer)
        switch service.decide(head) {
        case .answer(let response, let context):
            service.completed(context: context, wasSent: true)
            return response
        case .receive(_, let context):
            let response = answer(head, body, context)
            service.completed(context: context, wasSent: true)
            return response
        }
    }

    func post(_ path: String, _ body: String, headers: [(name: String, value: String)] = []) -> HTTPResponse {
        post(path, bytes: Array(body.utf8), headers: headers)
    }

    func post(_ path: String, bytes: [UInt8], headers: [(name: String, value: String)] = []) -> HTTPResponse {
        send("POST", path, body: bytes, headers: headers)
    }

    private func answer(_ head: HTTPRequestHead, _ body: [UInt8], _ context: any HTTPContext) -> HTTPResponse {
        let sink = WaitingSink()
        switch service.answer(head, Received(body).bytes, context, sink: sink) {
        case .now(let response): return response
        case .later: return sink.wait()
        }
    }
}

/// A sink that the test waits at.
final class WaitingSink: ResponseSink {
    let isAbandoned: Bool
    let hasHungUp = false
    private let response = Mutex<HTTPResponse?>(nil)
    private let arrived = DispatchSemaphore(value: 0)

    init(isAbandoned: Bool = false) { self.isAbandoned = isAbandoned }

    func finish(_ response: HTTPResponse) {
        self.response.withLock { $0 = response }
        arrived.signal()
    }

    func wait() -> HTTPResponse {
        arrived.wait()
        return response.withLock { $0 } ?? HTTPResponse(status: 0)
    }
}

/// A body in memory of its own, so that none of the service's allocations is for it.
private final class Received {
    private let memory: UnsafeMutableRawBufferPointer

    init(_ content: [UInt8]) {
        memory = .allocate(byteCount: content.count, alignment: MemoryRecycler.alignment)
        memory.copyBytes(from: content)
    }

    deinit { memory.deallocate() }

    var bytes: Bytes { Bytes(viewing: UnsafeRawBufferPointer(memory), owner: self) }
}

extension HTTPResponse {
    var text: String { String(decoding: body.joined(), as: UTF8.self) }

    func header(_ name: String) -> String? { headers.first { $0.name == name }?.value }
}
