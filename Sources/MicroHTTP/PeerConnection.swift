internal import CMicroHTTPD
import Glibc

/// Connected sockets of a client, with a limit on the time that each step may take.
package enum PeerConnection {
    /// - Returns: nil where nobody listens there.
    package static func open(unixPath: String, timeoutSeconds: Int) -> Int32? {
        guard let address = ListeningSocket.address(of: unixPath) else { return nil }
        return withUnsafePointer(to: address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                open(family: AF_UNIX, $0, socklen_t(MemoryLayout<sockaddr_un>.size), timeoutSeconds: timeoutSeconds)
            }
        }
    }

    /// - Returns: nil where nobody listens there.
    package static func open(host: String, port: String, timeoutSeconds: Int) -> Int32? {
        var hints = addrinfo()
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        var list: UnsafeMutablePointer<addrinfo>?
        guard getaddrinfo(host, port, &hints, &list) == 0 else { return nil }
        defer { freeaddrinfo(list) }
        var next = list
        while let entry = next?.pointee {
            if let address = entry.ai_addr,
                let descriptor = open(
                    family: entry.ai_family, address, entry.ai_addrlen, timeoutSeconds: timeoutSeconds)
            {
                return descriptor
            }
            next = entry.ai_next
        }
        return nil
    }

    private static func open(
        family: Int32, _ address: UnsafePointer<sockaddr>, _ size: socklen_t, timeoutSeconds: Int
    ) -> Int32? {
        let descriptor = socket(family, Int32(SOCK_STREAM.rawValue), 0)
        guard descriptor >= 0 else { return nil }
        var timeout = timeval(tv_sec: timeoutSeconds, tv_usec: 0)
        let timeoutSize = socklen_t(MemoryLayout<timeval>.size)
        setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &timeout, timeoutSize)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &timeout, timeoutSize)
        guard connect(descriptor, address, size) == 0 else {
            close(descriptor)
            return nil
        }
        return descriptor
    }
}
