import Glibc
import MicroHTTP

/// One GET over a socket.
package enum HealthProbe {
    /// How long connecting, sending and reading may each take.
    private static let timeoutSeconds = 3
    private static let statusByteCount = "HTTP/1.1 200".utf8.count

    /// The status of the response; nil where there is none.
    package static func status(of target: HealthTarget) -> Int? {
        guard let descriptor = connect(to: target.address) else { return nil }
        defer { close(descriptor) }
        let request = "GET \(target.path) HTTP/1.1\r\nHost: \(target.authority)\r\nConnection: close\r\n\r\n"
        let statusLine =
            target.isTLS
            ? TLSExchange.firstBytes(
                statusByteCount, ofResponseTo: Array(request.utf8), on: descriptor, identity: target.identity)
            : firstBytes(ofResponseTo: Array(request.utf8), on: descriptor)
        return statusLine.flatMap { status(String(decoding: $0, as: UTF8.self)) }
    }

    private static func connect(to address: HealthTarget.Address) -> Int32? {
        switch address {
        case .tcp(let host, let port): PeerConnection.open(host: host, port: port, timeoutSeconds: timeoutSeconds)
        case .unix(let path): PeerConnection.open(unixPath: path, timeoutSeconds: timeoutSeconds)
        }
    }

    private static func firstBytes(ofResponseTo request: [UInt8], on descriptor: Int32) -> [UInt8]? {
        guard send(descriptor, request, request.count, Int32(MSG_NOSIGNAL)) == request.count else { return nil }
        var bytes = [UInt8](repeating: 0, count: statusByteCount)
        let count = recv(descriptor, &bytes, bytes.count, Int32(MSG_WAITALL))
        return count == bytes.count ? bytes : nil
    }

    static func status(_ statusLine: String) -> Int? {
        guard statusLine.utf8.count == statusByteCount, statusLine.hasPrefix("HTTP/1.") else { return nil }
        return Int(statusLine.suffix(3))
    }
}
