internal import CMicroHTTPD
internal import CMicroHTTPDSupport
import Glibc
import Synchronization

/// One thread of libmicrohttpd and the connections that it serves.
final class ConnectionLoop: Sendable {
    /// How many connections it takes.
    ///
    /// Below 128: when one `epoll_wait` returns exactly that many events, libmicrohttpd waits again, perhaps for ever,
    /// before it serves them.
    static let capacity = 120
    /// Bounds a head and a single read of a body; all of it is zeroed for each kept-alive request.
    ///
    /// Half as much would take a few hundredths off a small request, and make large bodies a third slower. More would be
    /// mapped afresh for each connection.
    private static let connectionMemory = 32 * 1024
    /// The most of it that a head may take: the rest is for the head of the response, and ours take less than half.
    static let headMemory = connectionMemory - 2 * 1024
    private static let threadStack = 512 * 1024

    let server: ServerContext
    /// The connections whose requests are complete and wait for the application.
    let batch = Mutex([Connection]())
    let connectionCount = Atomic(0)
    let activeRequests = Atomic(0)
    let suspendedRequests = Atomic(0)
    /// The loop's thread, once it has opened a connection.
    private let thread = Atomic<UInt>(0)
    private let connections = Mutex([ObjectIdentifier: Connection]())
    private let daemon = Mutex(Daemon())

    private struct Daemon: @unchecked Sendable {
        // @unchecked Sendable because both are only touched under the mutex, and libmicrohttpd locks itself.
        var handle: OpaquePointer?
        var settings: UnsafeMutablePointer<cmhd_daemon_settings>?
    }

    init(server: ServerContext) throws(HTTPServer.StartError) {
        self.server = server
        guard start() else {
            throw HTTPServer.StartError(
                message: "no connection thread could be started: raise the limits on threads and open files")
        }
    }

    private func start() -> Bool {
        let settings = UnsafeMutablePointer<cmhd_daemon_settings>.allocate(capacity: 1)
        // The daemon's callbacks hold the loop until the daemon has stopped.
        let context = Unmanaged.passRetained(self)
        settings.initialize(
            to: cmhd_daemon_settings(
                context: context.toOpaque(), log: onLog, on_access: onAccess, on_target: onTarget,
                on_completed: onCompleted, on_connection: onConnection, connection_memory: Self.connectionMemory,
                thread_stack: Self.threadStack, connection_limit: UInt32(Self.capacity + 1),
                idle_seconds: UInt32(clamping: server.limits.longest / 1000 + 15), identity: server.identity?.handle,
                client_authorities: server.identity?.clientAuthorities))
        guard let handle = cmhd_start_daemon(settings) else {
            settings.deallocate()
            context.release()
            return false
        }
        daemon.withLock { $0 = Daemon(handle: handle, settings: settings) }
        return true
    }

    /// Takes over an accepted socket.
    ///
    /// - Returns: false where that failed, and the socket is closed.
    @discardableResult
    func add(_ descriptor: Int32, address: UnsafePointer<sockaddr>, length: socklen_t) -> Bool {
        connectionCount.add(1, ordering: .relaxed)
        let isAdded = daemon.withLock { daemon in
            guard let handle = daemon.handle else {
                close(descriptor)
                return false
            }
            return MHD_add_connection(handle, descriptor, address, length) == .YES
        }
        if !isAdded { connectionCount.subtract(1, ordering: .relaxed) }
        return isAdded
    }

    func opened(_ connection: Connection) {
        thread.store(UInt(pthread_self()), ordering: .relaxed)
        connections.withLock { $0[ObjectIdentifier(connection)] = connection }
    }

    /// Does something with a connection that is open until it is done; false where it has closed.
    func withOpen(_ connection: Connection, _ body: () -> Bool) -> Bool {
        connections.withLock { $0[ObjectIdentifier(connection)] === connection && body() }
    }

    /// After this nobody else touches the connection's descriptor.
    func closed(_ connection: Connection) {
        connections.withLock { _ = $0.removeValue(forKey: ObjectIdentifier(connection)) }
        connectionCount.subtract(1, ordering: .relaxed)
        server.peers?.release(connection.peer)
    }

    /// Cuts off the connections whose time is up, and those whose client has gone in the middle of a request.
    func reap(at now: Ticks) {
        connections.withLock { connections in
            for connection in connections.values {
                if connection.isGivenUp() {
                    connection.socket.shutDown()
                } else if let phase = connection.expire(at: now) {
                    server.counters.expired.withLock { $0[phase, default: 0] += 1 }
                    connection.cutOff(during: phase)
                }
            }
        }
    }

    /// The connections on which no request is under way or unread.
    var waitingConnections: [(connection: Connection, state: PhaseClock.State)] {
        connections.withLock { connections in
            connections.values.compactMap { connection in
                let state = connection.clock.state
                guard state.phase == .idle || state.phase == .head, !connection.socket.hasUnreadBytes else {
                    return nil
                }
                return (connection, state)
            }
        }
    }

    /// Responds to the heads that libmicrohttpd is about to reject in a way of its own.
    ///
    /// It has just logged something. That may be the rejection, but it does not say of which connection.
    func respondToRejectedLengths() {
        guard thread.load(ordering: .relaxed) == UInt(pthread_self()) else { return }
        let arriving = connections.withLock { connections in connections.values.filter(\.isHeadArriving) }
        for connection in arriving { connection.respondToRejectedLength() }
    }

    /// Whether a request is being served, or is unread in a socket, or a connection has not been looked at yet.
    var isBusy: Bool {
        activeRequests.load(ordering: .sequentiallyConsistent) > 0
            || hasConnection(unseenOr: { $0.hasRequestWaiting })
    }

    /// Whether a connection has not been looked at yet, or is cut off and still counted.
    var isSettling: Bool { hasConnection(unseenOr: { $0.clock.phase == .expired }) }

    private func hasConnection(unseenOr isSought: (Connection) -> Bool) -> Bool {
        connections.withLock { connections in
            connections.count < connectionCount.load(ordering: .sequentiallyConsistent)
                || connections.values.contains(where: isSought)
        }
    }

    var hasSuspendedRequests: Bool { suspendedRequests.load(ordering: .sequentiallyConsistent) > 0 }

    /// Responds to all that is set aside with 503.
    func releaseSuspendedRequests() {
        let suspended = connections.withLock { connections in connections.values.compactMap { $0.suspendedRequest } }
        for request in suspended { request.finish(server.unavailable()) }
    }

    /// Ends the thread and closes what is still open.
    ///
    /// No request may be suspended: libmicrohttpd would abort.
    func stop() {
        let stopped = daemon.withLock { daemon in
            defer { daemon = Daemon() }
            return daemon
        }
        guard let handle = stopped.handle else { return }
        cmhd_stop_daemon(handle)
        stopped.settings?.deallocate()
        Unmanaged.passUnretained(self).release()
    }
}
