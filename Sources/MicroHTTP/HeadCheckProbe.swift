internal import CMicroHTTPD
import Glibc

/// The self-test of the head check against the installed libmicrohttpd, over a loopback pair.
///
/// The check knows how one version lays out a parsed head. What it must accept and reject decides whether the installed
/// one does too, not its version number.
enum HeadCheckProbe {
    /// Tested once a process.
    static let passes = (try? run()) ?? false

    private final class OK: HTTPApplication {
        let bodyLimit = 64

        func decide(_ head: HTTPRequestHead) -> (context: any HTTPContext, response: HTTPResponse?) { (self, nil) }

        func respond(to requests: [HTTPRequest]) -> [HTTPResponseDecision] {
            requests.map { .now(HTTPResponse(status: 200, body: [$0.takeBody()])) }
        }

        func completed(context: any HTTPContext, wasSent: Bool) {}
    }

    private static let sound = [
        "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
        "GET /a%20b?c=d&e=%2F+f HTTP/1.1\r\nHost:a:80\r\nX-A:  one \t two\r\nX-Empty:\r\nConnection: close\r\n\r\n",
        "POST /p HTTP/1.1\r\nContent-Length: 3\r\nhost: [::1]:8080\r\nConnection: close\r\n\r\nabc",
        "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n3\r\nabc\r\n0\r\n\r\n",
        "GET / HTTP/1.0\r\n\r\n",
    ]

    private static let smuggling = [
        "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nContent-Length: 5\r\n\r\nabc",
        "POST / HTTP/1.1\r\nHost: a\r\nContent-Length : 3\r\n\r\nabc",
        "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding\t: chunked\r\n\r\n0\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: a\r\nContent-Length:\r\n 3\r\n\r\nabc",
        "POST / HTTP/1.1\r\nHost: a\r\nX-A: one\r\n two\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\nX-A: b\r\n\r\n",
        "GET / HTTP/1.1\nHost: a\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\0junk\r\n\r\nabc",
        "GET / HTTP/1.1\r\nHost: a\r\nX-A: b\rc\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: xchunked\r\n\r\n0\r\n\r\n",
        "GET  / HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
    ]

    private static func run() throws(HTTPServer.StartError) -> Bool {
        let server = ServerContext(
            application: OK(), deadlines: HTTPServer.Deadlines(), identity: nil, isSafeMode: false, log: { _, _ in })
        let loop = try ConnectionLoop(server: server)
        defer { loop.stop() }
        return sound.allSatisfy { status(of: $0, on: loop) == 200 }
            && smuggling.allSatisfy { (400...505).contains(status(of: $0, on: loop) ?? 0) }
    }

    /// The status of the response to a request, read until the connection closes; nil where there is not exactly one.
    private static func status(of request: String, on loop: ConnectionLoop) -> Int? {
        var pair: [Int32] = [-1, -1]
        guard socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0, &pair) == 0 else {
            return nil
        }
        defer { close(pair[0]) }
        var patience = timeval(tv_sec: 2, tv_usec: 0)
        setsockopt(pair[0], SOL_SOCKET, SO_RCVTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
        var address = sockaddr(sa_family: sa_family_t(AF_UNIX), sa_data: sockaddr().sa_data)
        loop.add(pair[1], address: &address, length: socklen_t(MemoryLayout<sa_family_t>.size))
        PeerSocket(descriptor: pair[0]).sendNow(Array(request.utf8))
        let response = String(decoding: readAll(pair[0]), as: UTF8.self)
        guard response.hasPrefix("HTTP/1.1 "), response.split(separator: "HTTP/1.1 ").count == 1 else { return nil }
        return Int(response.dropFirst(9).prefix(3))
    }

    private static func readAll(_ descriptor: Int32) -> [UInt8] {
        var bytes: [UInt8] = []
        var piece = [UInt8](repeating: 0, count: 4096)
        while case let count = read(descriptor, &piece, piece.count), count > 0 { bytes += piece[..<count] }
        return bytes
    }
}
