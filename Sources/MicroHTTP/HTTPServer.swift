import Glibc
import Synchronization

/// An HTTP/1.1 server on libmicrohttpd.
///
/// One thread accepts and spreads the connections over a few connection threads; another one cuts off connections that
/// take too long.
package final class HTTPServer: Sendable {
    /// The port that it listens on; 0 for a UNIX socket.
    package let port: UInt16

    private let context: ServerContext
    private let loops: LoopGroup
    private let acceptor: Acceptor
    private let reaper: Reaper

    /// Listens and serves until ``drain(timeout:)``.
    package init(_ configuration: Configuration, application: any HTTPApplication) throws(StartError) {
        DescriptorLimit.raise(toHold: configuration.maxConnections)
        let identity: TLSIdentity? = if let tls = configuration.tls { try TLSIdentity(tls) } else { nil }
        let isSafeMode = configuration.forcesSafeMode || !HeadCheckProbe.passes
        context = ServerContext(
            application: application, deadlines: configuration.deadlines, identity: identity, isSafeMode: isSafeMode,
            maxConnectionsPerPeer: configuration.maxConnectionsPerPeer, log: configuration.log)
        let listener = try ListeningSocket(configuration)
        port = listener.port
        do {
            (loops, reaper, acceptor) = try Self.start(configuration, listener, context)
        } catch {
            listener.closeAndRemove()
            throw error
        }
        if isSafeMode {
            configuration.log(
                .warning,
                "this libmicrohttpd parses in a way the head check does not know: chunked bodies are rejected and every "
                    + "connection closes after one response")
        }
    }

    private static func start(
        _ configuration: Configuration, _ listener: ListeningSocket, _ context: ServerContext
    ) throws(StartError) -> (LoopGroup, Reaper, Acceptor) {
        let loops = try LoopGroup(
            server: context, ioThreads: configuration.ioThreads, maxConnections: configuration.maxConnections)
        do {
            let reaper = try Reaper(loops: loops, shortest: context.limits.shortest)
            let acceptor = try Acceptor(
                listener, loops: loops, maxConnections: configuration.maxConnections,
                replacesIdle: configuration.replacesIdleConnections)
            return (loops, reaper, acceptor)
        } catch {
            loops.stop()
            throw error
        }
    }

    deinit { _ = drain(timeout: .zero) }

    /// Whether the installed libmicrohttpd failed the self-test of the head check.
    ///
    /// Chunked bodies are then rejected with 411 and every connection closes after one response, so that nothing can be
    /// smuggled in behind a request.
    package var isSafeMode: Bool { context.isSafeMode }

    package var statistics: Statistics {
        Statistics(
            openConnections: loops.connectionCount,
            acceptedConnections: context.counters.accepted.load(ordering: .relaxed),
            rejectedConnections: context.counters.rejected.load(ordering: .relaxed),
            expiredConnections: context.counters.expired.withLock { $0 },
            rejectedHeads: context.counters.rejectedHeads.load(ordering: .relaxed), activeRequests: loops.activeRequests
        )
    }

    /// Reads the certificate and the key again, for new connections.
    ///
    /// Nothing changes where that fails.
    package func reloadCertificates() throws(StartError) { try context.identity?.reload() }

    /// From now on every response closes its connection; new connections are still accepted.
    package func closeConnectionsAfterResponse() { context.isClosing.store(true, ordering: .relaxed) }

    /// Closes the listening socket after taking what waits in its backlog.
    package func stopAccepting() { acceptor.stop() }

    /// Stops accepting, lets every accepted request finish, stops.
    ///
    /// What is left after `timeout` gets a 503 or is cut off.
    ///
    /// - Returns: whether all finished within `timeout`.
    @discardableResult
    package func drain(timeout: Duration) -> Bool {
        closeConnectionsAfterResponse()
        stopAccepting()
        let allFinished = Self.wait(timeout) { !self.loops.isBusy }
        // A kept-alive client may slip one more request in; from here on it is not suspended.
        context.maySuspend.store(false, ordering: .sequentiallyConsistent)
        loops.releaseSuspendedRequests()
        _ = Self.wait(Self.patience) { !self.loops.hasSuspendedRequests }
        reaper.stop()
        // libmicrohttpd aborts when it is stopped with a suspended connection; a leak is the lesser evil.
        if !loops.hasSuspendedRequests { loops.stop() }
        return allFinished
    }

    /// How long connection threads may take to respond to what was set aside: ample, as they never block.
    private static let patience = Duration.seconds(5)

    /// Waits until the condition has held for a few looks: a request between socket and handler shows in neither.
    private static func wait(_ timeout: Duration, until condition: () -> Bool) -> Bool {
        let end = ContinuousClock.now + timeout
        var looks = 0
        while looks < 3 {
            looks = condition() ? looks + 1 : 0
            guard looks > 0 || ContinuousClock.now < end else { return false }
            usleep(1000)
        }
        return true
    }
}
