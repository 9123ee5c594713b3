import Glibc
import Synchronization
import Testing

@testable import MicroHTTP

@Suite struct `Connections and their loops` {
    private let loops: LoopGroup

    init() throws {
        let server = ServerContext(
            application: TestApplication(), deadlines: HTTPServer.Deadlines(), identity: nil, isSafeMode: false,
            log: { _, _ in })
        loops = try LoopGroup(server: server, ioThreads: 2, maxConnections: 4 * ConnectionLoop.capacity)
    }

    /// Connects a client through the loop that is next.
    ///
    /// - Returns: the client's side.
    private func connect() throws -> (loop: ConnectionLoop, client: RawClient) {
        let loop = try #require(loops.withRoom())
        var pair: [Int32] = [-1, -1]
        #expect(socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0, &pair) == 0)
        var address = sockaddr(sa_family: sa_family_t(AF_UNIX), sa_data: sockaddr().sa_data)
        loop.add(pair[1], address: &address, length: socklen_t(MemoryLayout<sa_family_t>.size))
        return (loop, RawClient(descriptor: pair[0]))
    }

    @Test func `the first loops share the connections evenly`() throws {
        defer { loops.stop() }
        let connected = try (0..<10).map { _ in try connect() }
        let counts = Set(connected.map { ObjectIdentifier($0.loop) }).map { id in
            connected.count { ObjectIdentifier($0.loop) == id }
        }
        #expect(counts == [5, 5])
    }

    @Test func `a further loop takes what the first have no room for, and they are filled again first`() throws {
        defer { loops.stop() }
        var connected = try (0..<(2 * ConnectionLoop.capacity)).map { _ in try connect() }
        let further = try connect()
        #expect(!connected.contains { $0.loop === further.loop })

        let first = connected.removeFirst().loop
        while first.connectionCount.load(ordering: .relaxed) == ConnectionLoop.capacity { sched_yield() }
        #expect(try connect().loop === first)
    }

    @Test func `there are no more loops than the connections need`() throws {
        defer { loops.stop() }
        let connected = try (0..<(4 * ConnectionLoop.capacity)).map { _ in try connect() }
        #expect(Set(connected.map { ObjectIdentifier($0.loop) }).count == 4)
        #expect(loops.withRoom() == nil)
    }
}
