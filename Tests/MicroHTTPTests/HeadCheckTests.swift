import MicroHTTP
import Synchronization
import Testing

/// Heads that other servers and proxies may read differently.
///
/// Each gets one clean rejection and a closed connection.
@Suite struct `The strict head check` {
    struct Case: Sendable, CustomTestStringConvertible {
        let name: String
        let head: String
        var status = 400
        var testDescription: String { name }
    }

    let test: TestServer

    init() throws { test = try TestServer() }

    @Test func `the installed libmicrohttpd passes the self-test`() { #expect(!test.server.isSafeMode) }

    @Test(arguments: framing + lines + values + targets)
    func `a doubtful head is rejected once and nothing behind it runs`(_ doubtful: Case) throws {
        let client = test.client()
        client.send(doubtful.head + "\r\n\r\nGET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n")
        let response = try #require(client.response())
        #expect(response.status == doubtful.status)
        #expect(response.header("X-Rejected-By") == "layer" && response.header("Connection") == "close")
        #expect(client.isClosedByServer)
        #expect(test.application.heads.withLock { $0.isEmpty })
        #expect(test.server.statistics.rejectedHeads == 1)
    }

    @Test(arguments: rejectedByLibrary)
    func `libmicrohttpd's own rejections close the connection too`(_ doubtful: Case) throws {
        let client = test.client()
        client.send(doubtful.head + "\r\n\r\nGET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n")
        let response = try #require(client.untilClosed())
        #expect(String(decoding: response, as: UTF8.self).hasPrefix("HTTP/1.1 \(doubtful.status)"))
        #expect(test.application.heads.withLock { $0.isEmpty })
    }

    @Test(arguments: lengths)
    func `a length that libmicrohttpd cannot read is rejected once, in our own form`(_ doubtful: Case) throws {
        for client in [test.client(), test.client()] {
            client.send(doubtful.head + "\r\nX-Request-ID: mine")
            // The head comes in two pieces, with another one between them that is not complete either.
            let other = test.client()
            other.send("GET / HTTP/1.1\r\nHost: a\r\nX-A: b")
            client.send("\r\n\r\nGET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n")
            let response = try #require(client.response())
            #expect(response.status == doubtful.status && response.header("X-Rejected-By") == "layer")
            #expect(client.isClosedByServer)
            #expect(test.application.rejectedFields.withLock { $0.contains("X-Request-ID") })
            #expect(test.application.heads.withLock { $0.isEmpty })
            other.send("\r\n\r\n")
            #expect(other.response()?.status == 200)
            test.application.heads.withLock { $0 = [] }
        }
        #expect(test.server.statistics.rejectedHeads == 2)
    }

    @Test(arguments: [129, 500, 1000, 4000])
    func `a query of too many fields is rejected at once`(_ count: Int) throws {
        let query = (0..<count).map { _ in "a" }.joined(separator: "&")
        #expect(test.response(to: "GET /?\(query) HTTP/1.1\r\nHost: a\r\n\r\n")?.status == 414)
    }

    @Test func `many cookies and a query of many fields pass`() throws {
        let query = (0..<128).map { "field\($0)=\(String(repeating: "v", count: 50))" }.joined(separator: "&")
        let cookies = (0..<400).map { "c\($0)=v" }.joined(separator: "; ")
        let client = test.client()
        client.send("GET /?\(query) HTTP/1.1\r\nHost: a\r\nCookie: \(cookies)\r\n\r\n")
        #expect(client.response()?.status == 200)
        let head = try #require(test.application.heads.withLock { $0.first })
        #expect(head.query == query && head.lines == ["Host: a", "Cookie: \(cookies)"])
    }

    @Test(arguments: [1, 8, 120])
    func `a head gets a response whatever its length, near 30 KiB too`(_ count: Int) throws {
        // libmicrohttpd keeps 64 bytes for each field: these, "Host", and one that the layer adds.
        let room = 30 * 1024 - 64 * (count + 2)
        for length in (room - 500..<room + 2600) where length % 13 == 0 {
            var head = "GET / HTTP/1.1\r\nHost: a\r\n" + (1..<count).map { "X-\($0): b\r\n" }.joined() + "Z: "
            head += String(repeating: "z", count: length - head.utf8.count - 4) + "\r\n\r\n"
            let client = test.client()
            client.send(head)
            let status = try #require(client.response()?.status, "\(length) bytes")
            #expect(status == (length <= room ? 200 : 431), "\(length) bytes")
            // Beyond, the rejection is libmicrohttpd's own.
            if length > room, length < room + 1900 { #expect(client.isClosedByServer, "\(length) bytes") }
        }
    }

    @Test func `any number of small fields gets a response`() throws {
        for count in 100..<560 where count % 3 == 0 {
            let client = test.client()
            client.send("GET / HTTP/1.1\r\nHost: a\r\n" + String(repeating: "a:\r\n", count: count) + "\r\n")
            let status = try #require(client.response()?.status, "\(count) fields")
            #expect(status == (count < 128 ? 200 : 431), "\(count) fields")
        }
    }

    @Test(arguments: chunks)
    func `a connection never outlives a chunked body, however its chunks are written`(_ doubtful: Case) throws {
        let client = test.client()
        client.send("POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n" + doubtful.head)
        client.send("GET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n")
        client.finishSending()
        let response = try #require(client.untilClosed())
        #expect(String(decoding: response, as: UTF8.self).hasPrefix("HTTP/1.1 \(doubtful.status)"))
        #expect(test.application.heads.withLock { $0.count } == 1)
    }

    @Test func `sound heads of every shape pass`() {
        let sound = [
            "GET / HTTP/1.1\r\nHost: a", "GET / HTTP/1.0", "GET / HTTP/1.1\r\nHost:a\r\nX:\r\nY: \t v\t",
            "GET /?a&b=&=c&a=%41+ HTTP/1.1\r\nHost: [::1]:80", "OPTIONS * HTTP/1.1\r\nHost: a",
            "GET https://a.b:1/c?d HTTP/1.1\r\nHost: a", "DELETE /a;b=c/../d HTTP/1.1\r\nHost: a",
            "GET / HTTP/1.1\r\nHost: a\r\nX: \u{e9}\u{1F600}",
            "GET / HTTP/1.1\r\nHost: a" + (0..<100).map { "\r\nX-\($0): \($0)" }.joined(),
            "GET /\(String(repeating: "a", count: 8000)) HTTP/1.1\r\nHost: a",
        ]
        for head in sound {
            let client = test.client()
            client.send(head + "\r\n\r\n")
            #expect(client.response()?.status == 200, "\(head.prefix(80))")
        }
    }

    @Test func `a head is read the same however it is cut`() {
        let request = Array("POST /echo?a=b HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nX-A: b\r\n\r\nabc".utf8)
        let client = test.client()
        for cut in 1..<request.count {
            client.send(Array(request[..<cut]))
            client.send(Array(request[cut...]))
            #expect(client.response()?.text == "abc")
        }
    }

    static let framing = [
        Case(name: "CL then TE", head: post("Content-Length: 3\r\nTransfer-Encoding: chunked")),
        Case(name: "TE then CL", head: post("Transfer-Encoding: chunked\r\nContent-Length: 3")),
        Case(name: "two equal CL", head: post("Content-Length: 3\r\nContent-Length: 3")),
        Case(name: "two different CL", head: post("Content-Length: 3\r\nContent-Length: 5")),
        Case(name: "white space before CL's colon", head: post("Content-Length : 3")),
        Case(name: "white space before TE's colon", head: post("Transfer-Encoding : chunked")),
        Case(name: "tab before TE's colon", head: post("Transfer-Encoding\t: chunked")),
        Case(name: "folded CL", head: post("Content-Length:\r\n 0")),
        Case(name: "folded TE", head: post("Transfer-Encoding:\r\n chunked")),
        Case(name: "NUL in CL", head: post("Content-Length: 3\0junk")),
        Case(name: "TE on HTTP/1.0", head: "POST /echo HTTP/1.0\r\nTransfer-Encoding: chunked"),
        Case(name: "two TE", head: post("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked")),
        Case(name: "TE gzip, chunked", head: post("Transfer-Encoding: gzip, chunked"), status: 501),
        Case(name: "TE identity", head: post("Transfer-Encoding: identity"), status: 501),
        Case(name: "TE xchunked", head: post("Transfer-Encoding: xchunked"), status: 501),
        Case(name: "empty TE", head: post("Transfer-Encoding:"), status: 501),
        Case(name: "CL 2^63", head: post("Content-Length: 9223372036854775808"), status: 413),
        Case(name: "CL 2^64-1", head: post("Content-Length: 18446744073709551615"), status: 413),
        Case(name: "unknown Expect", head: post("Expect: gold"), status: 417),
    ]

    static let lines = [
        Case(name: "folded field", head: get("X-A: one\r\n two")),
        Case(name: "bare LF after a field", head: "GET / HTTP/1.1\r\nHost: a\nX-A: b"),
        Case(name: "bare LF after the request line", head: "GET / HTTP/1.1\nHost: a"),
        Case(name: "CR in a value", head: get("X-A: b\rc")),
        Case(name: "NUL in a value", head: get("X-A: b\0c")),
        Case(name: "two spaces before the target", head: "GET  / HTTP/1.1\r\nHost: a"),
        Case(name: "two spaces before the version", head: "GET /  HTTP/1.1\r\nHost: a"),
        Case(name: "space in the target", head: "GET /a b HTTP/1.1\r\nHost: a"),
        Case(name: "HTTP/1.2", head: "GET / HTTP/1.2\r\nHost: a", status: 505),
        Case(name: "CONNECT", head: "CONNECT a:80 HTTP/1.1\r\nHost: a", status: 501),
        Case(name: "TRACE", head: "TRACE / HTTP/1.1\r\nHost: a", status: 501),
        Case(name: "lower-case method", head: "get / HTTP/1.1\r\nHost: a", status: 501),
        Case(name: "method that is not a token", head: "G@T / HTTP/1.1\r\nHost: a"),
    ]

    static let values = [
        Case(name: "no Host", head: "GET / HTTP/1.1\r\nX-A: b"),
        Case(name: "two Host", head: "GET / HTTP/1.1\r\nHost: a\r\nHost: a"),
        Case(name: "empty Host", head: "GET / HTTP/1.1\r\nHost:"),
        Case(name: "bad Host", head: "GET / HTTP/1.1\r\nHost: a/b"),
        Case(name: "space in a name", head: get("X A: b")),
        Case(name: "separator in a name", head: get("X(A): b")),
        Case(name: "empty name", head: get(": b")),
        Case(name: "control character in a value", head: get("X-A: b\u{1}c")),
        Case(name: "DEL in a value", head: get("X-A: b\u{7f}c")),
        Case(name: "too many fields", head: get((0..<200).map { "A\($0): b" }.joined(separator: "\r\n")), status: 431),
    ]

    static let targets = [
        Case(name: "NUL escaped", head: "GET /v2/health%00/zz HTTP/1.1\r\nHost: a"),
        Case(name: "escape cut short", head: "GET /a%2 HTTP/1.1\r\nHost: a"),
        Case(name: "escape of no digits", head: "GET /a%zz HTTP/1.1\r\nHost: a"),
        Case(name: "byte over 0x7e", head: "GET /\u{e9} HTTP/1.1\r\nHost: a"),
        Case(name: "control character", head: "GET /\u{1} HTTP/1.1\r\nHost: a"),
        Case(name: "fragment", head: "GET /a#b HTTP/1.1\r\nHost: a"),
        Case(name: "no slash", head: "GET a HTTP/1.1\r\nHost: a"),
        Case(name: "star with GET", head: "GET * HTTP/1.1\r\nHost: a"),
        Case(name: "other scheme", head: "GET ftp://a/b HTTP/1.1\r\nHost: a"),
        Case(name: "user in the authority", head: "GET http://u@a/b HTTP/1.1\r\nHost: a"),
        Case(
            name: "long target", head: "GET /\(String(repeating: "a", count: 9000)) HTTP/1.1\r\nHost: a", status: 414),
    ]

    /// libmicrohttpd rejects these before it asks anybody.
    static let lengths =
        ["3, 3", "+35", "-1", "0x23", "3 ", "3 5", ""].map {
            Case(name: "CL '\($0)'", head: post("Content-Length: \($0)"))
        } + [
            Case(name: "CL over 2^64", head: post("Content-Length: 99999999999999999999"), status: 413),
            Case(name: "CL of 24 digits", head: post("Content-Length: 999999999999999999999999"), status: 413),
        ]

    /// Responses are libmicrohttpd's own pages, which cannot be replaced.
    static let rejectedByLibrary = [
        Case(name: "no colon", head: get("X-A b")), Case(name: "NUL in a name", head: get("X\0A: b")),
        Case(name: "huge field", head: get("X: \(String(repeating: "a", count: 40_000))"), status: 431),
    ]

    /// What libmicrohttpd accepts or rejects inside a chunked body; a connection that closes makes all of it harmless.
    static let chunks = [
        Case(name: "bare LF after a size", head: "3\nabc\r\n0\r\n\r\n", status: 200),
        Case(name: "chunk extension", head: "3;a=b\r\nabc\r\n0\r\n\r\n", status: 200),
        Case(name: "zero-padded size", head: "000000000000000000003\r\nabc\r\n0\r\n\r\n", status: 200),
        Case(name: "size with a space behind", head: "3 \r\nabc\r\n0\r\n\r\n"),
        Case(name: "size with a sign", head: "+3\r\nabc\r\n0\r\n\r\n"),
        Case(name: "size with 0x", head: "0x3\r\nabc\r\n0\r\n\r\n"),
        Case(name: "no CRLF after a chunk", head: "3\r\nabcd\r\n0\r\n\r\n"),
        Case(name: "trailer", head: "3\r\nabc\r\n0\r\nX-A: b\r\n\r\n", status: 200),
    ]

    private static func post(_ fields: String) -> String { "POST /echo HTTP/1.1\r\nHost: a\r\n" + fields }

    private static func get(_ fields: String) -> String { "GET / HTTP/1.1\r\nHost: a\r\n" + fields }
}
