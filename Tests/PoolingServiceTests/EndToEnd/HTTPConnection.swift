import Glibc

/// One connection to a server on this machine: bytes as given, responses taken apart.
///
/// A read that takes longer than a minute fails, so that a server that does not respond fails its test.
final class HTTPConnection {
    enum Failure: Error {
        case system(call: String, errno: Int32)
        /// The server closed the connection before the response was complete.
        case closed(received: String)
        case malformed(String)
    }

    private let socket: Int32
    private var received: [UInt8] = []

    init(port: UInt16) throws {
        socket = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        guard socket >= 0 else { throw Failure.system(call: "socket", errno: errno) }
        var limit = timeval(tv_sec: 60, tv_usec: 0)
        for option in [SO_RCVTIMEO, SO_SNDTIMEO] {
            setsockopt(socket, SOL_SOCKET, option, &limit, socklen_t(MemoryLayout<timeval>.size))
        }
        // Else the second piece of a request waits for an acknowledgement of the first.
        var enabled: Int32 = 1
        setsockopt(socket, Int32(IPPROTO_TCP), TCP_NODELAY, &enabled, socklen_t(MemoryLayout<Int32>.size))
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = INADDR_LOOPBACK.bigEndian
        let result = withUnsafePointer(to: &address) { address in
            address.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(socket, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard result == 0 else {
            defer { Glibc.close(socket) }
            throw Failure.system(call: "connect", errno: errno)
        }
    }

    deinit { Glibc.close(socket) }

    /// Sends a request with its length and `Host`, and reads the response.
    ///
    /// A `Content-Length` among `headers` is sent as it is, without the body.
    func exchange(
        _ method: String, _ target: String, headers: [String: String] = [:], body: [UInt8] = []
    ) throws -> ReceivedResponse {
        let ownsLength = headers.keys.contains { $0.lowercased() == "content-length" }
        let hasBody = !ownsLength && (!body.isEmpty || method == "POST")
        var head = "\(method) \(target) HTTP/1.1\r\nHost: 127.0.0.1\r\n"
        for (name, value) in headers { head += "\(name): \(value)\r\n" }
        if hasBody { head += "Content-Length: \(body.count)\r\n" }
        try send(Array("\(head)\r\n".utf8) + (hasBody ? body : []))
        return try readResponse(hasBody: method != "HEAD")
    }

    /// Sends bytes as they are.
    ///
    /// A server that has stopped reading is no failure here, because it may have responded before.
    func send(_ bytes: [UInt8]) throws {
        var sent = 0
        while sent < bytes.count {
            let count = bytes.withUnsafeBytes { buffer in
                Glibc.send(
                    socket, buffer.baseAddress.map { $0 + sent }, bytes.count - sent, Int32(MSG_NOSIGNAL))
            }
            if count < 0 && (errno == EPIPE || errno == ECONNRESET) { return }
            guard count > 0 else { throw Failure.system(call: "send", errno: errno) }
            sent += count
        }
    }

    /// Says that nothing more will be sent, as a client that half-closes does.
    func finishSending() {
        shutdown(socket, Int32(SHUT_WR))
    }

    /// Reads the next response, passing over interim ones.
    func readResponse(hasBody: Bool = true) throws -> ReceivedResponse {
        var response: ReceivedResponse
        repeat { response = try readHead() } while response.status < 200 && response.status != 101
        guard hasBody, response.status != 204, response.status != 304 else { return response }
        if response["Transfer-Encoding"]?.lowercased() == "chunked" {
            response.body = try readChunks()
        } else if let length = response["Content-Length"] {
            guard let count = Int(length) else { throw Failure.malformed("Content-Length: \(length)") }
            response.body = try take(count)
        } else {
            response.body = try readToEnd()
        }
        return response
    }

    /// Everything that the server still sends before it closes.
    func readToEnd() throws -> [UInt8] {
        while try receive() {}
        defer { received = [] }
        return received
    }

    private func readHead() throws -> ReceivedResponse {
        let statusLine = try readLine()
        let parts = statusLine.split(separator: " ", maxSplits: 2)
        guard parts.count >= 2, parts[0].hasPrefix("HTTP/1."), let status = Int(parts[1]) else {
            throw Failure.malformed(statusLine)
        }
        var headers: [String: String] = [:]
        while case let line = try readLine(), !line.isEmpty {
            guard let colon = line.firstIndex(of: ":") else { throw Failure.malformed(line) }
            let value = line[line.index(after: colon)...].drop { $0 == " " }
            headers[line[..<colon].lowercased(), default: ""] += String(value)
        }
        return ReceivedResponse(status: status, headers: headers, body: [])
    }

    private func readChunks() throws -> [UInt8] {
        var body: [UInt8] = []
        while true {
            let size = try readLine()
            guard let count = Int(size.prefix { $0 != ";" }, radix: 16) else { throw Failure.malformed(size) }
            guard count > 0 else { break }
            body += try take(count)
            guard try readLine().isEmpty else { throw Failure.malformed("no line end after a chunk") }
        }
        while try !readLine().isEmpty {}
        return body
    }

    private func readLine() throws -> String {
        var searched = 0
        while true {
            if let end = received[searched...].firstIndex(of: UInt8(ascii: "\n")) {
                let line = received[..<end]
                defer { received.removeFirst(end + 1) }
                return String(decoding: line.last == UInt8(ascii: "\r") ? line.dropLast() : line, as: UTF8.self)
            }
            searched = received.count
            try receiveMore()
        }
    }

    private func take(_ count: Int) throws -> [UInt8] {
        while received.count < count { try receiveMore() }
        defer { received.removeFirst(count) }
        return Array(received.prefix(count))
    }

    private func receiveMore() throws {
        guard try receive() else {
            throw Failure.closed(received: String(decoding: received.prefix(300), as: UTF8.self))
        }
    }

    /// - Returns: Whether the server has more to send.
    private func receive() throws -> Bool {
        let bytes = try [UInt8](unsafeUninitializedCapacity: 1 << 16) { buffer, count in
            let result = recv(socket, buffer.baseAddress, buffer.count, 0)
            guard result >= 0 || errno == ECONNRESET else { throw Failure.system(call: "recv", errno: errno) }
            count = max(0, result)
        }
        received += bytes
        return !bytes.isEmpty
    }
}
