import MicroHTTP
import Synchronization

/// What the HTTP server counts, once there is one: it is started after the service that it calls.
package final class ConnectionStatistics: Sendable {
    private let source = Mutex<(@Sendable () -> HTTPServer.Statistics?)?>(nil)

    package init() {}

    func watch(_ server: HTTPServer) {
        // Weakly, because the server keeps the service alive.
        source.withLock { $0 = { [weak server] in server?.statistics } }
    }

    var current: HTTPServer.Statistics? {
        let source = source.withLock { $0 }
        return source?()
    }
}
