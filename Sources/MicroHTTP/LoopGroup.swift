import Synchronization

/// The connection threads of a server.
///
/// More of them start as connections need them. Requests that get their responses together share a loop, and a thread
/// that serves few connections mostly wakes up, so connections return to the first loops as soon as these have room
/// again.
final class LoopGroup: Sendable {
    let server: ServerContext
    /// How many loops share the connections evenly; the others take what these have no room for.
    private let sharing: Int
    private let atMost: Int
    private let loops: Mutex<[ConnectionLoop]>

    init(server: ServerContext, ioThreads: Int, maxConnections: Int) throws(HTTPServer.StartError) {
        self.server = server
        let needed = (maxConnections + ConnectionLoop.capacity - 1) / ConnectionLoop.capacity
        sharing = max(ioThreads, 1)
        atMost = max(sharing, needed)
        loops = Mutex([])
        do {
            for _ in 0..<sharing {
                let loop = try ConnectionLoop(server: server)
                loops.withLock { $0.append(loop) }
            }
        } catch {
            stop()
            throw error
        }
    }

    private var all: [ConnectionLoop] { loops.withLock { $0 } }

    var connectionCount: Int { all.reduce(0) { $0 + $1.connectionCount.load(ordering: .relaxed) } }
    var activeRequests: Int { all.reduce(0) { $0 + $1.activeRequests.load(ordering: .relaxed) } }
    var isBusy: Bool { all.contains { $0.isBusy } }
    var isSettling: Bool { all.contains { $0.isSettling } }
    var hasSuspendedRequests: Bool { all.contains { $0.hasSuspendedRequests } }

    /// The loop for the next connection; nil where all are full.
    func withRoom() -> ConnectionLoop? {
        loops.withLock { loops in
            if let least = loops.prefix(sharing).min(by: { $0.load < $1.load }), least.hasRoom { return least }
            if let further = loops.dropFirst(sharing).first(where: \.hasRoom) { return further }
            guard loops.count < atMost, let another = try? ConnectionLoop(server: server) else { return nil }
            loops.append(another)
            return another
        }
    }

    /// Cuts off the connection that has been waiting longest for a request.
    ///
    /// - Returns: false where none is waiting.
    func closeLongestWaiting() -> Bool {
        let waiting = all.flatMap { $0.waitingConnections }.sorted { $0.state.deadline < $1.state.deadline }
        return waiting.contains { $0.connection.cutOff(ifStill: $0.state) }
    }

    func reap() {
        let now = Ticks.now
        for loop in all { loop.reap(at: now) }
    }

    func releaseSuspendedRequests() {
        for loop in all { loop.releaseSuspendedRequests() }
    }

    func stop() {
        let stopping = loops.withLock { loops in
            defer { loops = [] }
            return loops
        }
        for loop in stopping { loop.stop() }
    }
}

extension ConnectionLoop {
    fileprivate var load: Int { connectionCount.load(ordering: .relaxed) }
    fileprivate var hasRoom: Bool { load < Self.capacity }
}
