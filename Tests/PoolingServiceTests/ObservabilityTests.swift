import MicroHTTP
import Testing

@testable import PoolingService

@Suite struct ObservabilityTests {
    @Test func `a sane request id is echoed, another is replaced`() throws {
        let service = try DirectService()
        let id = { (value: String) in
            service.send("GET", "/healthz", headers: [("X-Request-ID", value)]).header("X-Request-ID")
        }
        #expect(id("trace-1.A_b") == "trace-1.A_b")
        #expect(id(String(repeating: "x", count: 128))?.count == 128)
        for value in ["", "a b", "a\"b", "ü", String(repeating: "x", count: 129)] {
            #expect(id(value)?.utf8.count == 16)
        }
    }

    @Test func `made ids differ`() {
        #expect(Set((0..<1000).map { _ in RequestID.make() }).count == 1000)
    }

    @Test func `every response carries an id and its timings`() throws {
        let service = try DirectService()
        for response in [service.send("GET", "/healthz"), service.post("/v1/forward", "{"), service.send("GET", "/no")]
        {
            #expect(response.header("X-Request-ID") != nil)
            #expect(response.header("Server-Timing")?.hasPrefix("parse;dur=") == true)
        }
    }

    @Test func `timings are written in milliseconds`() {
        let timings = Timings(parse: 1_234_567, queue: 0, compute: 999, serialize: 5_000_000_000)
        #expect(timings.header == "parse;dur=1.234, queue;dur=0.000, compute;dur=0.000, serialize;dur=5000.000")
    }

    @Test func `traceparent is read as W3C has it`() throws {
        let trace = try #require(TraceParent("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"))
        #expect(trace.traceID == "4bf92f3577b34da6a3ce929d0e0e4736")
        #expect(trace.parentID == "00f067aa0ba902b7")
        #expect(trace.isSampled)
        #expect(TraceParent("cc-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-00-future") != nil)
    }

    @Test(arguments: [
        "", "00", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7",
        "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-more",
        "ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
        "00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01",
        "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
        "00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01",
        "00-4bf92f3577b34da6a3ce929d0e0e473-00f067aa0ba902b7-01",
    ])
    func `a malformed traceparent is as good as none`(_ header: String) {
        #expect(TraceParent(header) == nil)
    }

    @Test func `a request is one line, with its route and never its path`() throws {
        let service = try DirectService()
        _ = service.send("GET", "/secret\npath")
        _ = service.post("/v1/forward", "{", headers: [("X-Request-ID", "abc")])
        let lines = service.log.closeAndRead().split(separator: "\n")
        #expect(lines.count == 2)
        #expect(lines[0].contains(" info request request_id="))
        #expect(lines[0].contains("route=none status=404 code=not_found"))
        #expect(lines[1].contains("request_id=abc method=POST route=/v1/forward status=400 code=malformed_json"))
    }

    @Test func `probes are not logged`() throws {
        let service = try DirectService()
        _ = service.send("GET", "/healthz")
        #expect(service.log.closeAndRead().isEmpty)
    }

    @Test(arguments: [0, 9, 10, 99, 100, 999_999, 1_000_000, -1, -10, .max, .min])
    func `a whole number is written with all its digits`(_ value: Int) {
        var bytes: [UInt8] = []
        bytes.append(decimal: value)
        #expect(String(decoding: bytes, as: UTF8.self) == "\(value)")
    }

    @Test(arguments: [
        (0, "0.000"), (999, "0.000"), (1_000, "0.001"), (12_345_678, "12.345"), (.max, "18446744073709.551"),
    ])
    func `nanoseconds are written as milliseconds`(_ nanoseconds: UInt64, _ text: String) {
        var bytes: [UInt8] = []
        bytes.append(milliseconds: nanoseconds)
        #expect(String(decoding: bytes, as: UTF8.self) == text)
        #expect(Timings(parse: nanoseconds).header.hasPrefix("parse;dur=\(text), queue;dur=0.000, "))
    }

    @Test func `a JSON line is one object with escaped text`() {
        var lines: [UInt8] = []
        var line = LogLine(.warning, "a \"b\"\n", format: .json, in: &lines)
        line.add("name", "c\\d\u{1B}")
        line.add("count", -3)
        line.finish(into: &lines)
        let text = String(decoding: lines, as: UTF8.self)
        #expect(text.hasPrefix(#"{"time":"20"#))
        #expect(text.hasSuffix(#","level":"warning","message":"a \"b\"\u000a","name":"c\\d\u001b","count":-3}"# + "\n"))
    }

    @Test func `a text line quotes what could be taken for something else`() {
        var lines: [UInt8] = []
        var line = LogLine(.info, "one\ntwo", format: .text, in: &lines)
        line.add("a", "plain")
        line.add("b", "x=1 y=2\n")
        line.finish(into: &lines)
        let text = String(decoding: lines, as: UTF8.self)
        #expect(text.hasSuffix(#" info one two a=plain b="x=1 y=2\u000a""# + "\n"))
    }

    @Test(arguments: [
        (0, "1970-01-01T00:00:00.007Z"), (951_782_400, "2000-02-29T00:00:00.007Z"),
        (1_709_251_199, "2024-02-29T23:59:59.007Z"), (4_107_542_400, "2100-03-01T00:00:00.007Z"),
    ])
    func `times are written in UTC`(_ seconds: Int, _ expected: String) {
        var bytes: [UInt8] = []
        Timestamp.append(seconds: seconds, milliseconds: 7, to: &bytes)
        #expect(String(decoding: bytes, as: UTF8.self) == expected)
    }
}
