extension HTTPServer {
    package struct Configuration: Sendable {
        /// An address or name; `::` listens on IPv4 too.
        package var host = "127.0.0.1"
        /// 0 takes a free port.
        package var port: UInt16 = 8080
        /// Listens on this UNIX socket instead of host and port.
        package var unixSocketPath: String?
        /// Listens on this inherited descriptor, which must be listening already, instead of anything else.
        package var listenDescriptor: Int32?
        /// How many connection threads there are at least; more are added where `maxConnections` needs them.
        package var ioThreads = 2
        package var maxConnections = 1024
        package var maxConnectionsPerPeer: Int?
        /// Whether a connection too many takes the place of the one that has been waiting longest for a request, instead
        /// of being rejected.
        package var replacesIdleConnections = false
        package var deadlines = Deadlines()
        package var tls: TLS?
        /// Treats libmicrohttpd as unknown: see ``HTTPServer/isSafeMode``.
        package var forcesSafeMode = false
        package var log: @Sendable (LogLevel, String) -> Void = { _, _ in }

        package init() {}
    }

    /// How long each phase of a connection may take.
    package struct Deadlines: Sendable {
        package var head = Duration.seconds(15)
        /// How long a body may fall behind `minimumBytesPerSecond`, silence included.
        package var body = Duration.seconds(30)
        /// How long the reading of a response may fall behind `minimumBytesPerSecond`.
        package var response = Duration.seconds(30)
        package var idle = Duration.seconds(75)
        package var minimumBytesPerSecond = 16 * 1024

        package init() {}
    }

    /// Files in PEM.
    package struct TLS: Sendable {
        package var certificateFile: String
        package var keyFile: String
        /// Where given, clients must show a certificate that one of these authorities has signed.
        package var clientAuthorityFile: String?

        package init(certificateFile: String, keyFile: String, clientAuthorityFile: String? = nil) {
            self.certificateFile = certificateFile
            self.keyFile = keyFile
            self.clientAuthorityFile = clientAuthorityFile
        }
    }

    package enum LogLevel: Sendable { case info, warning, error }

    package struct StartError: Error, Sendable, CustomStringConvertible {
        /// One sentence that says what to do.
        package let message: String
        package init(message: String) { self.message = message }
        package var description: String { message }
    }

    /// What has happened since the start.
    package struct Statistics: Sendable {
        package var openConnections = 0
        package var acceptedConnections = 0
        /// Over `maxConnections` or `maxConnectionsPerPeer`.
        package var rejectedConnections = 0
        /// Cut off because a phase took too long.
        package var expiredConnections: [ConnectionPhase: Int] = [:]
        /// Requests that the head check has rejected.
        package var rejectedHeads = 0
        package var activeRequests = 0
    }
}

extension Duration {
    var milliseconds: UInt64 {
        let (seconds, attoseconds) = components
        return UInt64(clamping: seconds) &* 1000 &+ UInt64(clamping: attoseconds / 1_000_000_000_000_000)
    }
}
