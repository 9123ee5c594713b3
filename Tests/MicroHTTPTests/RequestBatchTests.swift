import Dispatch
import MicroHTTP
import Synchronization
import Testing

@Suite struct `Requests that arrive together` {
    /// All connections in one loop, so that they share its batches.
    private let test: TestServer

    init() throws {
        test = try TestServer {
            $0.ioThreads = 1
            $0.maxConnections = 100
        }
    }

    private var batches: [[Int]] { test.application.batches.withLock { $0 } }

    /// Sends a body on each of the clients while their loop is held up, so that all of them are there when it goes on.
    private func sendTogether(_ bodies: [String], on clients: [RawClient]) {
        let first = test.client()
        first.send("GET /gate HTTP/1.1\r\nHost: a\r\n\r\n")
        test.application.onDecide.wait()
        for (body, client) in zip(bodies, clients) {
            client.send("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)")
        }
        test.application.gate.signal()
        #expect(first.response()?.text == "hello")
    }

    /// Connections that the loop knows already.
    private func clients(_ count: Int) -> [RawClient] {
        let clients = (0..<count).map { _ in test.client() }
        for client in clients {
            client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
            #expect(client.response() != nil)
            test.application.onDecide.wait()
        }
        return clients
    }

    @Test func `get their responses together, each its own`() {
        let bodies = ["a", "bb", "ccc", "dddd"]
        let clients = clients(bodies.count)
        sendTogether(bodies, on: clients)
        #expect(clients.map { $0.response()?.text } == bodies)
        #expect(batches.contains { Set([1, 2, 3, 4]).isSubset(of: $0) })
    }

    @Test func `are sixteen at most`() {
        let bodies = (0..<40).map { "\($0)" }
        let clients = clients(bodies.count)
        sendTogether(bodies, on: clients)
        #expect(clients.map { $0.response()?.text } == bodies)
        #expect(batches.map(\.count).max() == 16)
    }

    @Test func `do not wait for a larger body, nor does it wait for them`() {
        let bodies = ["a", String(repeating: "b", count: 4097), "c"]
        let clients = clients(bodies.count)
        sendTogether(bodies, on: clients)
        #expect(clients.map { $0.response()?.text } == bodies)
        #expect(batches.contains([4097]))
    }

    @Test func `may get their responses later, each when it is ready`() {
        let clients = clients(3)
        for client in clients {
            client.send("POST /later HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n\r\nx")
        }
        #expect(clients.allSatisfy { $0.response()?.text == "x" })
    }

    @Test func `do not mind that one of their clients has gone`() {
        let bodies = ["a", "b", "c"]
        let clients = clients(bodies.count)
        let leaving = test.client()
        sendTogether(bodies + ["gone"], on: clients + [leaving])
        leaving.reset()
        #expect(clients.map { $0.response()?.text } == bodies)
        #expect(test.server.drain(timeout: .seconds(10)))
        #expect(test.application.completions.withLock { $0.count } == test.application.heads.withLock { $0.count })
    }

    @Test func `get their responses one by one in safe mode`() throws {
        let test = try TestServer { $0.forcesSafeMode = true }
        #expect(test.response(to: "GET / HTTP/1.1\r\nHost: a\r\n\r\n")?.text == "hello")
        #expect(test.application.batches.withLock { $0 } == [[0]])
    }
}
