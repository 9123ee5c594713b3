import Synchronization

/// The connection threads of a server.
///
/// More of them start as connections need them.
final class LoopGroup: Sendable {
    let server: ServerContext
    private let atMost: Int
    private let loops: Mutex<[ConnectionLoop]>

    init(server: ServerContext, ioThreads: Int, maxConnections: Int) throws(HTTPServer.StartError) {
        self.server = server
        let needed = (maxConnections + ConnectionLoop.capacity - 1) / ConnectionLoop.capacity
        atMost = max(ioThreads, needed, 1)
        loops = Mutex([])
        do {
            for _ in 0..<max(ioThreads, 1) {
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
    var hasParkedRequests: Bool { all.contains { $0.hasParkedRequests } }

    func connectionCount(of peer: String) -> Int { all.reduce(0) { $0 + $1.connectionCount(of: peer) } }

    /// The loop with the fewest connections; nil where all are full.
    func leastLoaded() -> ConnectionLoop? {
        loops.withLock { loops in
            let least = loops.min { $0.load < $1.load }
            if let least, least.load < ConnectionLoop.capacity { return least }
            guard loops.count < atMost, let another = try? ConnectionLoop(server: server) else { return nil }
            loops.append(another)
            return another
        }
    }

    func reap() {
        let now = Ticks.now
        for loop in all { loop.reap(at: now) }
    }

    func releaseParkedRequests() {
        for loop in all { loop.releaseParkedRequests() }
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
}
