import RecycledMemory
import Dispatch
import Glibc
import MicroHTTP
import PoolingService
import Testing
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
        let (context, early) = service.decide(head)
        let response = early ?? respond(to: head, ReceivedBody(body).bytes, context).response
        service.completed(context: context, wasSent: true)
        return response
    }

    func post(_ path: String, _ body: String, headers: [(name: String, value: String)] = []) -> HTTPResponse {
        post(path, bytes: Array(body.utf8), headers: headers)
    }

    func post(_ path: String, bytes: [UInt8], headers: [(name: String, value: String)] = []) -> HTTPResponse {
        send("POST", path, body: bytes, headers: headers)
    }

    /// The response to a request whose head was let in, and whether it came from a worker.
    func respond(
        to head: HTTPRequestHead, _ body: Bytes, _ context: any HTTPContext, from client: Client? = nil
    ) -> (response: HTTPResponse, isLater: Bool) {
        defer { withExtendedLifetime(client) {} }
        let request = HTTPRequest(head: head, body: body, context: context, socket: client?.socket)
        return response(to: request, service.respond(to: [request]).first)
    }

    /// The response to a request on which the service has decided, and whether it came from a worker.
    func response(
        to request: HTTPRequest, _ decision: HTTPResponseDecision?
    ) -> (response: HTTPResponse, isLater: Bool) {
        switch decision {
        case .now(let response): return (response, false)
        case .later:
            let arrived = DispatchSemaphore(value: 0)
            if let response = request.suspend(resume: { arrived.signal() }) { return (response, true) }
            arrived.wait()
            return (request.end() ?? HTTPResponse(status: 0), true)
        case nil: return (HTTPResponse(status: 0), false)
        }
    }
}

/// The two ends of a connection.
final class Client: Sendable {
    /// The service's end.
    let socket: Int32
    private let own: Int32

    init() throws {
        var pair: [Int32] = [-1, -1]
        try #require(socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0, &pair) == 0)
        (socket, own) = (pair[0], pair[1])
    }

    deinit {
        close(socket)
        close(own)
    }

    /// Sends no more, and may still read.
    func hangUp() { _ = shutdown(own, Int32(SHUT_WR)) }

    /// Neither sends nor reads any more.
    func leave() { _ = shutdown(own, Int32(SHUT_RDWR)) }
}

/// A body in memory of its own, so that none of the service's allocations is for it.
final class ReceivedBody {
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
