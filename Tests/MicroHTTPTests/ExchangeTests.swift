import Dispatch
import MicroHTTP
import Synchronization
import Testing

@Suite struct `Requests and their responses` {
    let test: TestServer

    init() throws { test = try TestServer() }

    @Test func `a connection is kept for many requests`() {
        let client = test.client()
        for _ in 0..<20 {
            client.send("GET /a HTTP/1.1\r\nHost: a\r\n\r\n")
            #expect(client.response()?.text == "hello")
        }
        #expect(test.server.statistics.acceptedConnections == 1)
    }

    @Test func `pipelined requests get their responses in order, whether at once or later`() {
        let client = test.client()
        let paths = ["/echo", "/later", "/early", "/later", "/echo"]
        client.send(paths.enumerated().map { post($1, "\($0)") }.joined())
        #expect(paths.map { _ in client.response()?.text } == ["0", "1", "early", "3", "4"])
    }

    @Test(arguments: ["/8-pieces", "/9-pieces", "/a-piece-per-byte"])
    func `a response in many pieces arrives, whatever the length of the request's head`(_ path: String) {
        let body = String((0..<70_000).map { Character(Unicode.Scalar(UInt8(97 + $0 % 26))) })
        let shortHead = test.client()
        shortHead.send(post(path, body))
        #expect(shortHead.response()?.text == body)
        // The largest heads leave room for the head of the response alone.
        for length in 32_200..<32_500 {
            let client = test.client()
            let padding = String(repeating: "a", count: length)
            client.send(
                "POST \(path) HTTP/1.1\r\nHost: a\r\nX: \(padding)\r\nContent-Length: 20\r\n\r\n\(body.prefix(20))")
            let response = client.response()
            #expect(response?.status == 431 || response?.text == String(body.prefix(20)), "\(length) bytes")
        }
        #expect(test.response(to: "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")?.text == "hello")
    }

    @Test func `HEAD has the head of GET and no body`() {
        let client = test.client()
        client.send("HEAD / HTTP/1.1\r\nHost: a\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n")
        let response = client.response(hasBody: false)
        #expect(response?.header("Content-Length") == "5")
        #expect(client.response()?.text == "hello")
    }

    @Test func `path, query and fields arrive as sent`() throws {
        let client = test.client()
        client.send("GET http://b.c/x%20y?p=1&q=%2F+z HTTP/1.1\r\nhost: a\r\nX-Two:  one \t two \r\nX-Empty:\r\n\r\n")
        #expect(client.response()?.status == 200)
        let head = try #require(test.application.heads.withLock { $0.first })
        #expect(head.path == "/x%20y" && head.query == "p=1&q=%2F+z" && head.peer == "127.0.0.1")
        #expect(head.lines == ["host: a", "X-Two: one \t two", "X-Empty: "])
    }

    @Test func `100 Continue is sent where the body is wanted`() {
        let client = test.client()
        client.send("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nExpect: 100-continue\r\n\r\n")
        #expect(client.response()?.status == 100)
        client.send("abc")
        #expect(client.response()?.text == "abc")
    }

    @Test func `a rejected head gets its response instead of 100 Continue`() {
        let expecting = "POST /reject HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nExpect: 100-continue\r\n\r\n"
        #expect(test.response(to: expecting)?.status == 429)
    }

    @Test func `a rejected request with a small body keeps its connection`() {
        let client = test.client()
        client.send(post("/reject", "abc") + post("/echo", "next"))
        #expect(client.response()?.status == 429)
        #expect(client.response()?.text == "next")
    }

    @Test func `a body over the announced limit is rejected before it is read`() throws {
        let test = try TestServer(TestApplication(bodyLimit: 10))
        #expect(test.response(to: "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 99999999\r\n\r\n")?.status == 413)
    }

    @Test func `a chunked body is put together and its connection closes`() {
        let chunked = "POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
        let response = test.response(to: chunked + "3\r\nabc\r\n5\r\ndefgh\r\n0\r\n\r\nGET /smuggled HTTP/1.1\r\n\r\n")
        #expect(response?.text == "abcdefgh")
        #expect(test.application.heads.withLock { $0.count } == 1)
    }

    @Test func `a chunked body over the limit gets 413`() throws {
        let test = try TestServer(TestApplication(bodyLimit: 10))
        let chunked = "POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
        #expect(test.response(to: chunked + "b\r\nabcdefghijk\r\n0\r\n\r\n")?.status == 413)
    }

    @Test func `a chunked body without end gets 413 and is cut off`() throws {
        let test = try TestServer(TestApplication(bodyLimit: 10))
        let client = test.client()
        client.send("POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n")
        let chunk = [UInt8]("8000\r\n".utf8) + [UInt8](repeating: 1, count: 0x8000) + [13, 10]
        for _ in 0..<200 { client.send(chunk) }
        #expect(client.response()?.status == 413)
        #expect(client.isClosedByServer)
    }

    @Test func `a large body arrives whole, aligned and in one piece`() {
        let client = test.client()
        let body = (0..<3_000_001).map { UInt8(truncatingIfNeeded: $0 &* 31) }
        client.send(Array("POST /later HTTP/1.1\r\nHost: a\r\nContent-Length: \(body.count)\r\n\r\n".utf8) + body)
        #expect(client.response()?.body == body)
        #expect(test.application.isBodyAligned.withLock { $0 })
    }

    @Test func `a header that would split the response is left out`() {
        let client = test.client()
        client.send("GET /bad-header HTTP/1.1\r\nHost: a\r\n\r\n")
        let response = client.response()
        #expect(response?.header("X-Bad") == nil && response?.header("X-Split") == nil)
        #expect(response?.header("X-Good") == "c" && response?.text == "hello")
    }

    @Test func `a client that only stops sending gets its response`() {
        let client = test.client()
        client.send(post("/hold", "abc"))
        client.finishSending()
        test.application.onHold.wait()
        #expect(test.application.held.withLock { $0.first?.isAbandoned } == false)
        test.application.release("late")
        #expect(client.response()?.text == "late")
    }

    @Test func `a client that goes while its request is set aside is noticed and given up once`() {
        let client = test.client()
        client.send(post("/hold", "abc"))
        test.application.onHold.wait()
        client.reset()
        #expect(test.application.held.withLock { $0.first?.isAbandoned } == true)
        test.application.release("nobody")
        test.application.onCompleted.wait()
        #expect(test.server.drain(timeout: .seconds(10)))
        #expect(test.application.completions.withLock { $0.count } == 1)
    }

    @Test func `every decided request is completed once`() {
        let client = test.client()
        client.send(post("/echo", "a") + post("/later", "b") + post("/reject", "c") + post("/early", "d"))
        for _ in 0..<4 { #expect(client.response() != nil) }
        for _ in 0..<4 { test.application.onCompleted.wait() }
        #expect(test.application.completions.withLock { $0 } == [true, true, true, true])
    }

    @Test func `a body that breaks off is completed as not sent`() {
        let client = test.client()
        client.send("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\nabc")
        test.application.onDecide.wait()
        client.reset()
        test.application.onCompleted.wait()
        #expect(test.application.completions.withLock { $0 } == [false])
    }

    private func post(_ path: String, _ body: String) -> String {
        "POST \(path) HTTP/1.1\r\nHost: a\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)"
    }
}
