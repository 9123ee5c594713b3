import Dispatch
import Glibc
import MicroHTTP
import Synchronization
import Testing

@Suite struct `Starting, limits and stopping` {
    private static let get = "GET / HTTP/1.1\r\nHost: a\r\n\r\n"
    private static let hold = "POST /hold HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n\r\nx"

    @Test(arguments: [127, 128, 129, 300])
    func `any number of connections that are ready at once gets responses`(_ count: Int) throws {
        let test = try TestServer { $0.maxConnections = 300 }
        let clients = (0..<count).map { _ in test.client() }
        for _ in 0..<3 {
            for client in clients { client.send(Self.get) }
            #expect(clients.allSatisfy { $0.response()?.status == 200 })
        }
    }

    @Test func `a connection too many gets 503 and is closed`() throws {
        let test = try TestServer { $0.maxConnections = 2 }
        let clients = (0..<2).map { _ in test.client() }
        for client in clients {
            client.send(Self.get)
            #expect(client.response()?.status == 200)
        }
        let rejected = test.response(to: Self.get)
        #expect(rejected?.status == 503 && rejected?.header("Retry-After") == "1")
        #expect(test.server.statistics.rejectedConnections == 1)
        #expect(test.server.statistics.openConnections == 2)
    }

    @Test func `one peer cannot take all connections`() throws {
        let test = try TestServer { $0.maxConnectionsPerPeer = 1 }
        let client = test.client()
        client.send(Self.get)
        #expect(client.response()?.status == 200)
        #expect(test.response(to: Self.get)?.status == 503)
    }

    @Test func `in safe mode chunked bodies are rejected and every connection closes`() throws {
        let test = try TestServer { $0.forcesSafeMode = true }
        #expect(test.server.isSafeMode)
        #expect(test.response(to: Self.get)?.status == 200)
        let chunked = "POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"
        #expect(test.response(to: chunked)?.status == 411)
        let doubled = "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 1\r\n\r\na"
        #expect(test.response(to: doubled)?.status == 400)
        #expect(test.application.heads.withLock { $0.first?.lines } == ["Host: a"])
    }

    @Test func `a UNIX socket serves, replaces its leftover and is removed at the end`() throws {
        let path = "/tmp/microhttp-\(getpid())-\(UInt32.random(in: 0 ... .max)).sock"
        let leftover = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: Array(path.utf8)) }
        withUnsafePointer(to: address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                _ = bind(leftover, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        close(leftover)
        let test = try TestServer { $0.unixSocketPath = path }
        let client = RawClient(unixPath: path)
        client.send(Self.get)
        #expect(client.response()?.text == "hello")
        #expect(test.application.heads.withLock { $0.first?.peer } == "")
        #expect(throws: HTTPServer.StartError.self) { try TestServer { $0.unixSocketPath = path } }
        #expect(test.server.drain(timeout: .seconds(10)))
        #expect(access(path, F_OK) != 0)
    }

    @Test func `an inherited descriptor is listened on`() throws {
        let inherited = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        #expect(throws: HTTPServer.StartError.self) { try TestServer { $0.listenDescriptor = inherited } }
        listen(inherited, 5)
        let test = try TestServer { $0.listenDescriptor = inherited }
        let client = test.client()
        client.send(Self.get)
        #expect(client.response()?.text == "hello")
    }

    @Test func `the IPv6 wildcard takes IPv4 clients and shows their address plainly`() throws {
        let test = try TestServer { $0.host = "::" }
        let client = test.client()
        client.send(Self.get)
        #expect(client.response()?.text == "hello")
        #expect(test.application.heads.withLock { $0.first?.peer } == "127.0.0.1")
    }

    @Test func `a failed start says what to do`() throws {
        let test = try TestServer()
        let taken = #expect(throws: HTTPServer.StartError.self) { try TestServer { $0.port = test.server.port } }
        #expect(taken?.message.contains("it is taken") == true)
        let foreign = #expect(throws: HTTPServer.StartError.self) { try TestServer { $0.host = "203.0.113.1" } }
        #expect(foreign?.message.contains("no such address") == true)
    }

    @Test func `closing after responses closes each connection after its next response`() throws {
        let test = try TestServer()
        let client = test.client()
        client.send(Self.get)
        #expect(client.response()?.header("Connection") == nil)
        test.server.closeConnectionsAfterResponse()
        client.send(Self.get)
        #expect(client.response()?.header("Connection") == "close")
        #expect(client.isClosedByServer)
        #expect(test.response(to: Self.get)?.status == 200)
    }

    @Test func `draining lets requests that are set aside or on their way finish`() throws {
        let test = try TestServer()
        let (held, sending) = (test.client(), test.client())
        held.send(Self.hold)
        test.application.onHold.wait()
        sending.send("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nab")
        while test.server.statistics.activeRequests < 2 { sched_yield() }
        let drained = DispatchQueue(label: "drain")
        let done = DispatchSemaphore(value: 0)
        nonisolated(unsafe) var allFinished = false
        // Written before the semaphore is raised, read after it.
        drained.async {
            allFinished = test.server.drain(timeout: .seconds(10))
            done.signal()
        }
        test.application.release("held")
        #expect(held.response()?.text == "held")
        sending.send("c")
        #expect(sending.response()?.text == "abc")
        done.wait()
        #expect(allFinished)
        #expect(test.server.statistics.openConnections == 0)
    }

    @Test func `draining without time responds to what is set aside with 503`() throws {
        let test = try TestServer()
        let client = test.client()
        client.send(Self.hold)
        test.application.onHold.wait()
        #expect(!test.server.drain(timeout: .zero))
        #expect(client.response()?.status == 503)
        test.application.release("too late")
    }

    @Test func `draining twice is harmless, and so is stopping to accept before`() throws {
        let test = try TestServer()
        test.server.stopAccepting()
        #expect(test.server.drain(timeout: .seconds(10)))
        #expect(test.server.drain(timeout: .seconds(10)))
    }

    @Test func `draining under load loses no accepted request`() throws {
        for _ in 0..<5 {
            let test = try TestServer()
            let clients = (0..<40).map { _ in test.client() }
            for client in clients { client.send("POST /later HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n\r\nx") }
            #expect(clients[0].response()?.status == 200)
            #expect(test.server.drain(timeout: .seconds(10)))
            #expect(clients.dropFirst().allSatisfy { $0.response()?.status == 200 })
        }
    }
}

@Suite struct `Deadlines` {
    /// A server that waits for one phase hardly at all, and for the others as long as it takes.
    private static func test(_ short: WritableKeyPath<HTTPServer.Deadlines, Duration>) throws -> TestServer {
        try TestServer {
            for phase in [\HTTPServer.Deadlines.head, \.body, \.response, \.idle] {
                $0.deadlines[keyPath: phase] = .seconds(600)
            }
            $0.deadlines[keyPath: short] = .milliseconds(60)
            $0.deadlines.minimumBytesPerSecond = 1 << 40
        }
    }

    @Test(arguments: ["", "GE", "GET / HTTP/1.1\r\nHost: a\r\n"])
    func `a head that does not come to an end is cut off`(_ start: String) throws {
        let test = try Self.test(\.head)
        let client = test.client()
        client.send(start)
        #expect(client.isClosedByServer)
        #expect(test.server.statistics.expiredConnections == [.head: 1])
    }

    @Test func `a body that does not come to an end gets 408`() throws {
        let test = try Self.test(\.body)
        #expect(test.response(to: "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nabc")?.status == 408)
        #expect(test.server.statistics.expiredConnections == [.body: 1])
        test.application.onCompleted.wait()
        #expect(test.application.completions.withLock { $0 } == [false])
    }

    @Test func `an idle connection is closed`() throws {
        let test = try Self.test(\.idle)
        #expect(test.response(to: "GET / HTTP/1.1\r\nHost: a\r\n\r\n")?.status == 200)
        #expect(test.server.statistics.expiredConnections == [.idle: 1])
    }

    @Test func `a client that does not read its response is cut off`() throws {
        let test = try Self.test(\.response)
        let client = test.client()
        client.send("GET /big HTTP/1.1\r\nHost: a\r\n\r\n")
        test.application.onCompleted.wait()
        #expect(test.application.completions.withLock { $0 } == [false])
        #expect(test.server.statistics.expiredConnections == [.response: 1])
    }

    @Test func `a request that is set aside has no deadline of the connection`() throws {
        let test = try Self.test(\.head)
        let (working, idle) = (test.client(), test.client())
        working.send("POST /hold HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n\r\nx")
        test.application.onHold.wait()
        #expect(idle.isClosedByServer)
        test.application.release("in time")
        #expect(working.response()?.text == "in time")
    }
}
