import Dispatch
import Glibc
import Synchronization
import Testing

@testable import MicroHTTP

@Suite struct `Clients that go` {
    let test: TestServer

    init() throws { test = try TestServer() }

    private static let half = "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\nabc"
    private static let chunked = "POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"

    @Test(arguments: [half, String(half.dropLast(3)), chunked, chunked + "5\r\nabc", chunked + "5\r\nabcde\r\n"])
    func `an end that comes together with a part of a body is noticed`(_ sent: String) throws {
        // The end is there before the loop has read anything.
        let first = test.client()
        for _ in 0..<5 {
            first.send("GET /gate HTTP/1.1\r\nHost: a\r\n\r\n")
            test.application.onDecide.wait()
            let client = test.client()
            client.send(sent)
            client.finishSending()
            test.application.gate.signal()
            #expect(first.response() != nil)
            #expect(client.isClosedByServer)
            #expect(test.server.statistics.expiredConnections == [:])
        }
    }

    @Test(arguments: ["", "POST /ec", "POST /echo HTTP/1.1\r\nHost: a\r\n"])
    func `an end in the middle of a head is noticed`(_ sent: String) throws {
        let client = test.client()
        client.send(sent)
        client.finishSending()
        #expect(client.isClosedByServer)
        #expect(test.server.statistics.expiredConnections == [:])
    }

    @Test func `a complete request gets its response although its client sends no more`() {
        for _ in 0..<50 {
            let client = test.client()
            client.send("POST /later HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc")
            client.finishSending()
            #expect(client.response()?.text == "abc")
        }
    }

    @Test(arguments: [true, false], [true, false])
    func `a request sees that its client has hung up`(_ isReset: Bool, _ leavesUnread: Bool) throws {
        let client = test.client()
        client.send("POST /hold HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n\r\nx" + (leavesUnread ? "more" : ""))
        test.application.onHold.wait()
        let request = try #require(test.application.held.withLock { $0.first })
        #expect(!request.hasHungUp && !request.isAbandoned)
        // On the loopback what is sent has arrived.
        if leavesUnread { client.send("and more") }
        if isReset { client.reset() } else { client.finishSending() }
        #expect(request.hasHungUp)
        #expect(request.isAbandoned == isReset)
        test.application.release("nobody")
        test.application.onCompleted.wait()
    }

    @Test func `looking whether a client has hung up is cheap, from many threads`() throws {
        let client = test.client()
        client.send("POST /hold HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n\r\nx")
        test.application.onHold.wait()
        let request = try #require(test.application.held.withLock { $0.first })
        DispatchQueue.concurrentPerform(iterations: 4) { _ in
            for _ in 0..<10_000 where request.hasHungUp { Issue.record("the client is there") }
        }
        test.application.release("there")
        #expect(client.response()?.text == "there")
        for _ in 0..<1000 { #expect(!request.hasHungUp) }
    }
}

@Suite struct `Bodies that arrive` {
    let test: TestServer

    init() throws { test = try TestServer() }

    @Test func `ask for room as they grow, not for what was announced`() {
        let client = test.client()
        client.send("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 8000000\r\n\r\nx")
        while test.application.rooms.withLock({ $0.isEmpty }) { sched_yield() }
        #expect(test.application.rooms.withLock { $0 } == [64 * 1024])
        client.send([UInt8](repeating: 1, count: 7_999_999))
        #expect(client.response()?.body.count == 8_000_000)
        let rooms = test.application.rooms.withLock { $0 }
        #expect(rooms == rooms.sorted() && rooms.last == 8_000_000 && rooms.count < 6)
    }

    @Test func `ask once where they are small`() {
        let client = test.client()
        client.send("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc")
        #expect(client.response()?.text == "abc")
        #expect(test.application.rooms.withLock { $0 } == [3])
    }

    @Test func `ask in steps where no length was announced`() {
        let client = test.client()
        client.send("POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n")
        let chunk = [UInt8]("8000\r\n".utf8) + [UInt8](repeating: 1, count: 0x8000) + [13, 10]
        for _ in 0..<8 { client.send(chunk) }
        client.send("0\r\n\r\n")
        #expect(client.response()?.body.count == 8 * 0x8000)
        let rooms = test.application.rooms.withLock { $0 }
        #expect(rooms.first == 16 * 1024 && rooms.last == 8 * 0x8000)
    }

    @Test(arguments: [false, true])
    func `are ended with the application's response where there is no room, even while the client sends on`(
        _ isChunked: Bool
    ) {
        test.application.room.withLock { $0 = 100_000 }
        let client = test.client()
        let size = 4_000_000
        let framing = isChunked ? "Transfer-Encoding: chunked" : "Content-Length: \(size)"
        client.send("POST /echo HTTP/1.1\r\nHost: a\r\n\(framing)\r\n\r\n")
        if isChunked { client.send("\(String(size, radix: 16))\r\n") }
        client.send([UInt8](repeating: 1, count: size))
        let response = client.response()
        #expect(response?.status == 503 && response?.text == "full")
        #expect(response?.header("Retry-After") == "1" && response?.header("Connection") == "close")
        #expect(client.isClosedByServer)
        test.application.onCompleted.wait()
        #expect(test.application.completions.withLock { $0 } == [false])
    }

    @Test func `that are not wanted do not take the response away from a client that sends on`() {
        let client = test.client()
        client.send("POST /reject HTTP/1.1\r\nHost: a\r\nContent-Length: 4000000\r\n\r\n")
        client.send([UInt8](repeating: 1, count: 4_000_000))
        #expect(client.response()?.status == 429)
        #expect(test.application.rooms.withLock { $0.isEmpty })
    }
}

@Suite struct `Time that progress earns` {
    @Test func `adds up, whatever the size of the pieces`() {
        var (whole, pieces) = (TransferProgress(), TransferProgress())
        let once = whole.add(64_000, atLeast: 16)
        let total = (0..<64_000).reduce(0) { sum, _ in sum + pieces.add(1, atLeast: 16) }
        #expect(once == 4000 && total == 4000)
    }

    @Test func `never moves a deadline further than its limit`() {
        let clock = PhaseClock(.body, milliseconds: 1000)
        let before = clock.state.deadline.milliseconds
        let isExtended = clock.extend(.body, milliseconds: 500, most: 10_000)
        let after = clock.state.deadline.milliseconds
        #expect(isExtended && after == before + 500)
        let isExtendedByMuch = clock.extend(.body, milliseconds: 1 << 40, most: 2000)
        let last = clock.state.deadline.milliseconds
        #expect(isExtendedByMuch && last <= Ticks.now.milliseconds + 2000)
        let isOfAnother = clock.extend(.response, milliseconds: 1, most: 1)
        #expect(!isOfAnother)
    }

    @Test func `does not come to a clock that has ended`() {
        let clock = PhaseClock(.body, milliseconds: 1000)
        let state = clock.state
        let isExtended = clock.extend(.body, milliseconds: 1, most: 10_000)
        let isEndedTooLate = clock.end(ifStill: state)
        let isEnded = clock.end(ifStill: clock.state)
        let isExtendedAfterwards = clock.extend(.body, milliseconds: 1, most: 10_000)
        #expect(isExtended && !isEndedTooLate && isEnded && !isExtendedAfterwards)
    }
}

@Suite struct `Connections in a crowd` {
    private static let get = "GET / HTTP/1.1\r\nHost: a\r\n\r\n"

    @Test func `the longest idle one makes way where that is wanted`() throws {
        let test = try TestServer {
            $0.maxConnections = 4
            $0.replacesIdleConnections = true
        }
        let idle = (0..<4).map { _ in test.client() }
        for client in idle {
            client.send(Self.get)
            #expect(client.response()?.status == 200)
            // The next one is idle since a later tick of the clock, twice over: this response may still be ending.
            for _ in 0..<2 { waitForTick() }
        }
        for _ in 0..<20 {
            let probe = test.client()
            probe.send(Self.get)
            #expect(probe.response()?.status == 200)
        }
        #expect(idle[0].isClosedByServer)
    }

    private func waitForTick() {
        let tick = Ticks.now
        while Ticks.now == tick { sched_yield() }
    }

    @Test func `one with a request under way never makes way`() throws {
        let test = try TestServer {
            $0.maxConnections = 2
            $0.replacesIdleConnections = true
        }
        let working = (0..<2).map { _ in test.client() }
        for client in working {
            client.send("POST /hold HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n\r\nx")
            test.application.onHold.wait()
        }
        #expect(test.response(to: Self.get)?.status == 503)
        test.application.release("done")
        for client in working { #expect(client.response()?.text == "done") }
    }

    @Test func `a burst of one peer does not get past its limit`() throws {
        let test = try TestServer { $0.maxConnectionsPerPeer = 5 }
        for _ in 0..<3 {
            let clients = (0..<60).map { _ in test.client() }
            for client in clients { client.send(Self.get) }
            let statuses = clients.map { $0.response()?.status ?? 0 }
            #expect(statuses.filter { $0 == 200 }.count == 5)
            #expect(statuses.filter { $0 == 503 }.count == 55)
            for client in clients { client.reset() }
            while test.server.statistics.openConnections > 0 { sched_yield() }
        }
    }
}
