import Glibc

/// One GET over a socket.
package enum HealthProbe {
    /// How long connecting, sending and reading may each take.
    private static let timeoutSeconds = 3

    /// The status of the answer; nil where there is none.
    package static func status(of url: HealthcheckURL) -> Int? {
        guard let descriptor = connect(to: url) else { return nil }
        defer { close(descriptor) }
        let host = url.host.contains(":") ? "[\(url.host)]" : url.host
        let request = "GET \(url.path) HTTP/1.1\r\nHost: \(host):\(url.port)\r\nConnection: close\r\n\r\n"
        let bytes = Array(request.utf8)
        guard send(descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL)) == bytes.count else { return nil }
        return statusLine(from: descriptor).flatMap(status)
    }

    private static func connect(to url: HealthcheckURL) -> Int32? {
        var hints = addrinfo()
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        var list: UnsafeMutablePointer<addrinfo>?
        guard getaddrinfo(url.host, url.port, &hints, &list) == 0 else { return nil }
        defer { freeaddrinfo(list) }
        var next = list
        while let address = next?.pointee {
            if let descriptor = connect(to: address) { return descriptor }
            next = address.ai_next
        }
        return nil
    }

    private static func connect(to address: addrinfo) -> Int32? {
        let descriptor = socket(address.ai_family, address.ai_socktype, address.ai_protocol)
        guard descriptor >= 0 else { return nil }
        var timeout = timeval(tv_sec: timeoutSeconds, tv_usec: 0)
        let size = socklen_t(MemoryLayout<timeval>.size)
        setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &timeout, size)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &timeout, size)
        guard Glibc.connect(descriptor, address.ai_addr, address.ai_addrlen) == 0 else {
            close(descriptor)
            return nil
        }
        return descriptor
    }

    /// The first bytes of the answer, as many as a status line needs.
    private static func statusLine(from descriptor: Int32) -> String? {
        let needed = "HTTP/1.1 200".utf8.count
        var bytes = [UInt8](repeating: 0, count: needed)
        let count = recv(descriptor, &bytes, needed, Int32(MSG_WAITALL))
        return count == needed ? String(decoding: bytes, as: UTF8.self) : nil
    }

    static func status(_ statusLine: String) -> Int? {
        guard statusLine.hasPrefix("HTTP/1.") else { return nil }
        return Int(statusLine.suffix(3))
    }
}
