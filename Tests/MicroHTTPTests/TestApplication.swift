import RecycledMemory
import Dispatch
import MicroHTTP
import Synchronization

/// Responds by path, and remembers what happened.
///
/// `/echo` gives the body back, `/later` from another thread, `/early` finishes before it returns, `/hold` waits for
/// ``release(_:)``, `/reject` rejects at the head, `/gate` holds its connection's thread at the
/// head until ``gate`` opens; everything else says hello.
final class TestApplication: HTTPApplication {
    let bodyLimit: Int

    let held = Mutex<[HTTPRequest]>([])
    let completions = Mutex<[Bool]>([])
    let heads = Mutex<[HTTPRequestHead]>([])
    let rejections = Mutex<[Int]>([])
    /// The names of the header fields of the last request that the layer rejected.
    let rejectedFields = Mutex<[String]>([])
    /// What bodies may hold; more is rejected with 503.
    let room = Mutex(Int.max)
    /// What bodies asked for.
    let rooms = Mutex<[Int]>([])
    /// The sizes of the bodies that came together.
    let batches = Mutex<[[Int]]>([])
    let isBodyAligned = Mutex(true)
    let gate = DispatchSemaphore(value: 0)
    let onDecide = DispatchSemaphore(value: 0)
    let onHold = DispatchSemaphore(value: 0)
    let onCompleted = DispatchSemaphore(value: 0)

    init(bodyLimit: Int = 8 * 1024 * 1024) { self.bodyLimit = bodyLimit }

    func decide(_ head: HTTPRequestHead) -> (context: any HTTPContext, response: HTTPResponse?) {
        heads.withLock { $0.append(head) }
        onDecide.signal()
        if head.path == "/gate" { gate.wait() }
        return (self, head.path == "/reject" ? HTTPResponse(status: 429, body: [Bytes(copying: "no".utf8)]) : nil)
    }

    func makeRoom(forBodyOf byteCount: Int, context: any HTTPContext) -> HTTPResponse? {
        rooms.withLock { $0.append(byteCount) }
        guard byteCount > room.withLock({ $0 }) else { return nil }
        return HTTPResponse(status: 503, headers: [("Retry-After", "1")], body: [Bytes(copying: "full".utf8)])
    }

    func respond(to requests: [HTTPRequest]) -> [HTTPResponseDecision] {
        let bodies = requests.map { $0.takeBody() }
        batches.withLock { $0.append(bodies.map(\.count)) }
        return zip(requests, bodies).map(respond)
    }

    private func respond(to request: HTTPRequest, body: Bytes) -> HTTPResponseDecision {
        if body.withUnsafeBytes({ Int(bitPattern: $0.baseAddress) }) % 64 != 0 { isBodyAligned.withLock { $0 = false } }
        switch request.head.path {
        case "/echo":
            return .now(Self.pieces(of: body, count: 2))
        case "/later":
            DispatchQueue.global().async { request.finish(Self.pieces(of: body, count: 2)) }
            return .later
        case "/8-pieces": return .now(Self.pieces(of: body, count: 8))
        case "/9-pieces": return .now(Self.pieces(of: body, count: 9))
        case "/a-piece-per-byte": return .now(Self.pieces(of: body, count: body.count))
        case "/early":
            request.finish(HTTPResponse(status: 200, body: [Bytes(copying: "early".utf8)]))
            request.finish(HTTPResponse(status: 500))
            return .later
        case "/hold":
            held.withLock { $0.append(request) }
            onHold.signal()
            return .later
        case "/big":
            return .now(HTTPResponse(status: 200, body: [Bytes(copying: repeatElement(7, count: 32 * 1024 * 1024))]))
        case "/bad-header":
            let headers = [("X-Bad", "a\r\nX-Split: b"), ("X-Good", "c"), ("Content-Length", "99")]
            return .now(HTTPResponse(status: 200, headers: headers, body: [Bytes(copying: "hello".utf8)]))
        default:
            let headers = [(name: "X-Path", value: request.head.path)]
            return .now(HTTPResponse(status: 200, headers: headers, body: [Bytes(copying: "hello".utf8)]))
        }
    }

    func completed(context: any HTTPContext, wasSent: Bool) {
        completions.withLock { $0.append(wasSent) }
        onCompleted.signal()
    }

    func response(to rejection: HTTPRejection, context: (any HTTPContext)?) -> HTTPResponse {
        rejections.withLock { $0.append(rejection.status) }
        var names: [String] = []
        rejection.forEachHeader { name, _ in
            names.append(name.withUnsafeBufferPointer { String(decoding: $0, as: UTF8.self) })
        }
        rejectedFields.withLock { $0 = names }
        return HTTPResponse(
            status: rejection.status, headers: [("X-Rejected-By", "layer")],
            body: [Bytes(copying: rejection.detail.utf8)])
    }

    func release(_ text: String) {
        let requests = held.withLock { held in
            defer { held = [] }
            return held
        }
        for request in requests { request.finish(HTTPResponse(status: 200, body: [Bytes(copying: text.utf8)])) }
    }

    /// The body in `count` pieces, no byte of it copied.
    private static func pieces(of body: Bytes, count: Int) -> HTTPResponse {
        let cuts = (0...count).map { body.count * $0 / count }
        let pieces = zip(cuts, cuts.dropFirst()).map { start, end in
            body[start..<end]
        }
        return HTTPResponse(status: 200, body: pieces)
    }
}

/// A server on a free port of 127.0.0.1, and its application.
struct TestServer {
    let application: TestApplication
    let server: HTTPServer

    init(
        _ application: TestApplication = TestApplication(),
        _ configure: (inout HTTPServer.Configuration) -> Void = { _ in }
    ) throws {
        self.application = application
        var configuration = HTTPServer.Configuration()
        configuration.port = 0
        configure(&configuration)
        server = try HTTPServer(configuration, application: application)
    }

    func client() -> RawClient { RawClient(port: server.port) }

    /// The whole response to the bytes, after which the connection must have been closed.
    func response(to request: String) -> RawClient.Response? {
        let client = client()
        client.send(request)
        let response = client.response()
        return client.isClosedByServer ? response : nil
    }
}
