import Glibc
import RecycledMemory

/// A client that sends exactly the bytes it is told to.
final class RawClient {
    let descriptor: Int32
    private var received: [UInt8] = []

    init(descriptor: Int32) {
        self.descriptor = descriptor
        // Far beyond what any test waits for: a hang becomes a failure.
        var patience = timeval(tv_sec: 10, tv_usec: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
    }

    convenience init(port: UInt16) {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        withUnsafePointer(to: address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                _ = connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        self.init(descriptor: descriptor)
    }

    convenience init(unixPath: String) {
        let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: Array(unixPath.utf8)) }
        withUnsafePointer(to: address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                _ = connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        self.init(descriptor: descriptor)
    }

    deinit { close(descriptor) }

    func send(_ text: String) { send(Array(text.utf8)) }

    /// Sends all of it, or as much as the server wants before it closes.
    func send(_ bytes: [UInt8]) {
        var sent = 0
        while sent < bytes.count {
            let count = bytes[sent...].withUnsafeBytes {
                Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else { return }
            sent += count
        }
    }

    func finishSending() { _ = shutdown(descriptor, Int32(SHUT_WR)) }

    /// Closes so that the server sees a reset.
    func reset() {
        var linger = linger(l_onoff: 1, l_linger: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &linger, socklen_t(MemoryLayout<Glibc.linger>.size))
        // The number stays taken until the client goes, so that nobody else is given it meanwhile.
        let nothing = open("/dev/null", O_RDONLY)
        dup2(nothing, descriptor)
        close(nothing)
    }

    struct Response {
        var status: Int
        var head: String
        var body: [UInt8]

        var text: String { String(decoding: body, as: UTF8.self) }

        func header(_ name: String) -> String? {
            head.split(separator: "\r\n").dropFirst().first { $0.lowercased().hasPrefix(name.lowercased() + ":") }
                .map { $0.drop { $0 != ":" }.dropFirst().trimmingPrefix(" ") }.map(String.init)
        }
    }

    /// The next response, or nil where the connection ends first.
    ///
    /// - Parameter hasBody: false for the response to HEAD.
    func response(hasBody: Bool = true) -> Response? {
        guard let headEnd = fill(until: { Self.headEnd(of: $0) }) else { return nil }
        let head = String(decoding: received[..<headEnd], as: UTF8.self)
        received.removeFirst(headEnd + 4)
        guard head.hasPrefix("HTTP/1.1 "), let status = Int(head.dropFirst(9).prefix(3)) else { return nil }
        var response = Response(status: status, head: head, body: [])
        guard hasBody, let length = response.header("Content-Length").flatMap({ Int($0) }), length > 0 else {
            return response
        }
        guard fill(until: { $0.count >= length ? length : nil }) != nil else { return nil }
        response.body = Array(received[..<length])
        received.removeFirst(length)
        return response
    }

    /// All that comes until the server closes the connection; nil where it does not.
    func untilClosed() -> [UInt8]? {
        defer { received = [] }
        while true {
            switch read() {
            case .some(0): return received
            case .some: continue
            case .none: return errno == ECONNRESET ? received : nil
            }
        }
    }

    /// Whether the server closes the connection without another byte.
    var isClosedByServer: Bool { untilClosed()?.isEmpty ?? false }

    private func read() -> Int? {
        var piece = [UInt8](repeating: 0, count: 64 * 1024)
        let count = recv(descriptor, &piece, piece.count, 0)
        guard count >= 0 else { return nil }
        received += piece[..<count]
        return count
    }

    private func fill(until found: ([UInt8]) -> Int?) -> Int? {
        while true {
            if let end = found(received) { return end }
            guard let count = read(), count > 0 else { return nil }
        }
    }

    private static func headEnd(of bytes: [UInt8]) -> Int? {
        guard bytes.count >= 4 else { return nil }
        return (0...(bytes.count - 4)).first {
            bytes[$0] == 13 && bytes[$0 + 1] == 10 && bytes[$0 + 2] == 13 && bytes[$0 + 3] == 10
        }
    }
}
