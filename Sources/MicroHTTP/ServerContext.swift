import Synchronization

/// What all connections of a server share.
final class ServerContext: Sendable {
    let application: any HTTPApplication
    let limits: Limits
    let log: @Sendable (HTTPServer.LogLevel, String) -> Void
    let counters = Counters()
    let libraryLines = RateLimit()
    let identity: TLSIdentity?
    let lingering = LingeringSockets()
    /// nil where a peer may have any number of connections.
    let peers: PeerCounts?
    /// The layout of libmicrohttpd's parsed heads is not the one that the head check knows.
    let isSafeMode: Bool
    /// Whether every response closes its connection.
    let isClosing = Atomic(false)
    /// Whether requests may still be suspended.
    let maySuspend = Atomic(true)

    struct Limits: Sendable {
        let head, body, response, idle: UInt64
        /// At least this much of a body must arrive, and of a response be read.
        let bytesPerMillisecond: Double

        init(_ deadlines: HTTPServer.Deadlines) {
            head = deadlines.head.milliseconds
            body = deadlines.body.milliseconds
            response = deadlines.response.milliseconds
            idle = deadlines.idle.milliseconds
            bytesPerMillisecond = max(Double(deadlines.minimumBytesPerSecond), 1) / 1000
        }

        func transfer(of bytes: Int, base: UInt64) -> UInt64 { base + time(for: bytes) }

        func time(for bytes: Int) -> UInt64 { UInt64(Double(bytes) / bytesPerMillisecond) }

        var longest: UInt64 { max(head, body, response, idle) }
        var shortest: UInt64 { min(head, body, response, idle) }
    }

    struct Counters: ~Copyable {
        let accepted = Atomic(0)
        let rejected = Atomic(0)
        let rejectedHeads = Atomic(0)
        let expired = Mutex([ConnectionPhase: Int]())
    }

    init(
        application: any HTTPApplication, deadlines: HTTPServer.Deadlines, identity: TLSIdentity?, isSafeMode: Bool,
        maxConnectionsPerPeer: Int? = nil,
        log: @escaping @Sendable (HTTPServer.LogLevel, String) -> Void
    ) {
        self.application = application
        limits = Limits(deadlines)
        self.identity = identity
        peers = maxConnectionsPerPeer.map(PeerCounts.init)
        self.isSafeMode = isSafeMode
        self.log = log
    }

    var closesAfterResponse: Bool { isSafeMode || isClosing.load(ordering: .relaxed) }
}

extension ServerContext {
    /// The response where there is no room or no time.
    func unavailable(_ context: (any HTTPContext)? = nil) -> HTTPResponse {
        var response = application.response(
            to: HTTPRejection(status: 503, detail: "the server has no room for this request now"), context: context)
        if !response.headers.contains(where: { $0.name.lowercased() == "retry-after" }) {
            response.headers.append(("Retry-After", "1"))
        }
        return response
    }

    /// Passes on what libmicrohttpd says, a few lines a second at most: clients can make it say things.
    func logLibraryMessage(_ message: String) {
        // This is how we tell it to close a connection.
        guard !message.hasPrefix("Application reported internal error") else { return }
        guard libraryLines.admit(at: Ticks.now) else { return }
        log(.warning, "libmicrohttpd: \(message)")
    }
}
