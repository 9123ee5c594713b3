import MicroHTTP
import PoolingService
import Testing

/// Requests in a batch, against the same requests sent one by one.
@Suite struct BatchTests {
    private static let entries: [(endpoint: String, fields: String)] = [
        ("forward", #""op":"max","kernel":2,"return_indices":true,"input":[[1,2,3,4],[5,6,7,8]]"#),
        ("forward", #""op":"max","kernel":2,"return_indices":true,"input":[[9,2,3,4],[5,6,7.5,8]]"#),
        ("forward", #""op":"max","kernel":2,"return_indices":true,"input":[[9,2,3,"NaN"],[5,6,7.5,8]]"#),
        ("forward", #""input":[[1,2],[3,4]],"op":"avg","kernel":2,"dtype":"float64""#),
        ("forward", #""op":"avg","kernel":3,"input":[[1,2],[3,4]]"#),
        ("forward", #""op":"avg","kernel":1,"input":[[1,2],[3]]"#),
        ("forward", #""op":"sum","kernel":2,"dtype":"int8","input":[[100,100],[100,100]]"#),
        ("forward", #""ops":["avg","max"],"kernel":2,"input":[[1,2],[3,4]]"#),
        ("forward", #""layers":[{"op":"max","kernel":1}],"input":{"shape":[1],"data":[2]}"#),
        ("backward", #""op":"max","kernel":2,"input":[[1,2],[3,4]],"grad_output":[[5]]"#),
        ("backward", #""op":"max","kernel":2,"input":[[1,2],[4,3]],"grad_output":{"shape":[1,1],"data":[5]}"#),
        ("unpool", #""input":[[5]],"indices":[[3]],"kernel":2"#),
        ("shape", #""op":"max","kernel":2,"input_shape":[4,4]"#),
        ("shape", #""op":"maxx","kernel":2,"input_shape":[4,4]"#),
    ]

    @Test func `each entry gets the response that it gets alone`() throws {
        let service = try DirectService()
        // Twice, so that some are read with what is remembered of others.
        let entries = Self.entries + Self.entries
        let requests = entries.map { #"{"endpoint":"\#($0.endpoint)",\#($0.fields)}"# }
        let response = service.post("/v1/batch", #"{"requests":[\#(requests.joined(separator: ", "))]}"#)
        #expect(response.status == 200)
        let singles = entries.enumerated().map { position, entry in
            let single = service.post(
                "/v1/\(entry.endpoint)", "{\(entry.fields)}", headers: [("X-Request-ID", "batch-id/\(position)")])
            return #"{"status":\#(single.status),"body":\#(single.text)}"#
        }
        let same = service.post(
            "/v1/batch", #"{"requests":[\#(requests.joined(separator: ", "))]}"#,
            headers: [("X-Request-ID", "batch-id")])
        for (own, alone) in zip(Self.parts(same.text), singles) { #expect(own == Self.withoutID(alone)) }
        #expect(Self.parts(same.text).count == singles.count)
        for position in [4, 5, 6, 13] { #expect(same.text.contains(#""request_id":"batch-id/\#(position)""#)) }
    }

    @Test func `entries that differ in their tensor alone get the responses that they get alone`() throws {
        let tensors = [
            "[[1,2],[3,4]]", "[[5,6],[7,8]]", "[[9, 6 ] ,\n[7,-8.25]]", "[[1,2],[3,\"NaN\"]]", "[[1e2,2],[3,4]]",
            "[[1,2],[3]]", "[[1,2],[3,4],[5,6]]", "[[1,2,3],[4,5,6]]", "[[1,2],[3,4]]", "[[[1,2],[3,4]]]", "[1,2]",
            "[[1,2],[3,4]", "[[1,2],[3,4]]]", "[[1,2,],[3,4]]", "[]", "[[],[]]", "[[1,2],[3,1e39]]", "[[true,2],[3,4]]",
        ]
        for fields in [
            #""op":"max","kernel":[2,2],"return_indices":true"#, #""op":"sum","dtype":"int8","kernel":[2,2]"#,
            #""op":"std","dtype":"float64","kernel":[2,2],"response_form":"flat""#,
            #""op":"avg","kernel":[2,2],"padding":"same","dtype":"float16""#,
        ] {
            let service = try DirectService()
            for other in tensors {
                let entries = ["[[1,2],[3,4]]", "[[8,7],[6,5]]", "[[0,1],[1,0]]", other, "[[2,2],[1,1]]"].map {
                    #"{\#(fields),"input":\#($0)}"#
                }
                let batch = service.post(
                    "/v1/batch", #"{"requests":[\#(entries.joined(separator: ","))]}"#)
                let singles = entries.enumerated().map { position, entry in
                    service.post("/v1/forward", entry, headers: [("X-Request-ID", "batch-id/\(position)")])
                }
                guard !singles.contains(where: { $0.status == 400 }) else {
                    #expect(batch.status == 400)
                    continue
                }
                let expected = singles.map { Self.withoutID(#"{"status":\#($0.status),"body":\#($0.text)}"#) }
                #expect(Self.parts(batch.text) == expected)
            }
        }
    }

    @Test func `an entry has the notices that it has alone`() throws {
        let service = try DirectService()
        let entry = #"{"op":"max","kernel":[2],"stride":2,"input":[[1,2],[3,4]]}"#
        let query = #"{"op":"max","kernel":2,"input_shape":[32,32,3]}"#
        let notices = [("/v1/forward", entry), ("/v1/shape", query)].map { path, body in
            service.post(path, body).headers.filter { $0.name == "Pooling-Notice" }.map(\.value)
        }
        #expect(notices.allSatisfy { $0.count == 1 })
        let response = service.post(
            "/v1/batch",
            #"{"requests":[\#(entry),{"op":"max","kernel":1,"input":[1]},{"endpoint":"shape",\#(query.dropFirst())]}"#)
        let parts = Self.parts(response.text)
        #expect(parts.count == 3)
        for (part, notice) in zip([parts[0], parts[2]], notices.map { $0[0] }) {
            let text = notice.replacing("\"", with: "\\\"")
            #expect(part.hasSuffix(#","notices":["\#(text)"]}"#), "\(part)")
        }
        #expect(!parts[1].contains("notices"))
    }

    /// The responses of a batch, without request ids.
    private static func parts(_ text: String) -> [String] {
        let list = text.dropFirst(#"{"responses":["#.count).dropLast(2)
        let separator = #",{"status":"#
        return String(list).replacing(separator, with: "\n" + separator.dropFirst()).split(separator: "\n").map {
            withoutID(String($0))
        }
    }

    private static func withoutID(_ text: String) -> String {
        guard let start = text.firstRange(of: #""request_id":""#)?.upperBound else { return text }
        let rest = text[start...]
        return String(text[..<start]) + rest[(rest.firstIndex(of: "\"") ?? rest.endIndex)...]
    }

    @Test(arguments: [
        (#"{"requests":[]}"#, 422, "wrong_length", "/requests"),
        (#"{}"#, 422, "missing_field", "/requests"),
        (#"{"requests":null}"#, 422, "missing_field", "/requests"),
        (#"{"requests":{"op":"max"}}"#, 422, "wrong_type", "/requests"),
        (#"{"requests":[{"op":"max","kernel":1,"input":[1]}],"request":1}"#, 422, "unknown_field", "/request"),
        (#"{"requests":[{"op":"max","op":"max"}]}"#, 400, "duplicate_key", ""),
        (#"{"requests":[{"op":"max"}"#, 400, "malformed_json", ""),
        (#"[]"#, 422, "wrong_type", ""),
    ]) func `a body that is no batch is rejected as a whole`(
        _ body: String, _ status: Int, _ code: String, _ pointer: String
    ) throws {
        let response = try DirectService().post("/v1/batch", body)
        #expect(response.status == status)
        #expect(response.text.contains(#""code":"\#(code)","pointer":"\#(pointer)""#), "\(response.text)")
    }

    @Test(arguments: [
        (#"3"#, "wrong_type", ""), (#"{"endpoint":"train"}"#, "unknown_value", "/endpoint"),
        (#"{"endpoint":1}"#, "wrong_type", "/endpoint"), (#"{"op":"max","kernel":1}"#, "missing_field", "/input"),
        (#"{"endpoint":null,"op":"max","kernel":1,"input":"x"}"#, "wrong_type", "/input"),
    ]) func `a mistake in an entry leaves the others alone`(_ entry: String, _ code: String, _ pointer: String) throws {
        let response = try DirectService().post(
            "/v1/batch", #"{"requests":[\#(entry),{"op":"max","kernel":1,"input":[7]},\#(entry)]}"#)
        #expect(response.status == 200)
        #expect(response.text.contains(#""code":"\#(code)","pointer":"\#(pointer)""#), "\(response.text)")
        #expect(response.text.contains(#"{"status":200,"body":{"output":[7],"output_shape":[1]}}"#), "\(response.text)")
    }

    @Test func `the path of an endpoint is rejected with its name`() throws {
        let response = try DirectService().post("/v1/batch", #"{"requests":[{"endpoint":"/v1/unpool"}]}"#)
        #expect(response.text.contains("it must be forward, backward, unpool or shape; did you mean 'unpool'?"))
    }

    @Test func `limits hold for all entries together`() throws {
        var configuration = Configuration()
        let entry = #"{"op":"max","kernel":1,"input":[1,2,3,4,5,6,7,8]}"#
        let body = #"{"requests":[\#(Array(repeating: entry, count: 4).joined(separator: ","))]}"#
        // Two results of 8 float32, and the half of a third.
        configuration.maxResult = 80
        let response = try DirectService(configuration).post("/v1/batch", body).text
        #expect(response.ranges(of: #""status":200"#).count == 2)
        #expect(response.ranges(of: #"{"status":413"#).count == 2)
    }

    /// The statuses of the entries of a batch, and how often each occurs.
    private static func statuses(_ entries: [String], budget: Int) throws -> [Int: Int] {
        var configuration = Configuration()
        configuration.memoryBudget = budget
        let service = try DirectService(configuration)
        let response = service.post("/v1/batch", #"{"requests":[\#(entries.joined(separator: ","))]}"#)
        #expect(response.status == 200)
        return Dictionary(
            [200, 413, 503].map { ($0, response.text.ranges(of: #"{"status":\#($0),"#).count) }
        ) { first, _ in first }
    }

    @Test func `plans of all entries together stay within a quarter of the memory budget`() throws {
        let row = #"{"shape":[1,1,64],"data":[\#(Array(repeating: "1", count: 64).joined(separator: ","))]}"#
        let tables = (0..<60).map {
            #"{"op":"logsumexp","r":\#($0 + 1),"kernel":[1,961],"padding":[0,960],"stride":1,"response_form":"b64","#
                + #""input":\#(row)}"#
        }
        let some = try Self.statuses(tables, budget: 16 << 20)
        // Each takes some 290 KB.
        #expect((10...15).contains(some[200] ?? 0), "\(some)")
        #expect((some[200] ?? 0) + (some[413] ?? 0) == 60)
        let chain = Array(repeating: #"{"op":"max","kernel":1,"stride":S}"#, count: 64).joined(separator: ",")
        let chains = (1...40).map { #"{"layers":[\#(chain.replacing("S", with: "\($0)"))],"input":[1,2]}"# }
        let few = try Self.statuses(chains, budget: 8 << 20)
        #expect((1...20).contains(few[200] ?? 0), "\(few)")
        #expect((few[200] ?? 0) + (few[413] ?? 0) == 40)
    }

    @Test func `entries that share a plan count it once`() throws {
        let numbers = Array(repeating: "[1,2,3,4]", count: 4).joined(separator: ",")
        let entries = Array(repeating: #"{"op":"max","kernel":2,"input":[\#(numbers)]}"#, count: 2000)
        #expect(try Self.statuses(entries, budget: 8 << 20) == [200: 2000, 413: 0, 503: 0])
    }

    @Test func `the rate limit counts entries, and a batch passes where one request would`() throws {
        var configuration = Configuration()
        configuration.rateLimit = RateLimit(count: 3, seconds: 3600)
        let service = try DirectService(configuration)
        let entry = #"{"op":"max","kernel":1,"input":[1]}"#
        let batch = #"{"requests":[\#(Array(repeating: entry, count: 8).joined(separator: ","))]}"#
        #expect(service.post("/v1/batch", batch).status == 200)
        #expect(service.post("/v1/forward", entry).status == 429)
    }

    @Test func `metrics count entries by op, and the batch as one request`() throws {
        let service = try DirectService()
        let batch =
            #"{"requests":[{"op":"max","kernel":1,"input":[1]},{"op":"max","kernel":1,"input":[2]},{"op":"x"}]}"#
        #expect(service.post("/v1/batch", batch).status == 200)
        let metrics = service.send("GET", "/metrics").text
        #expect(metrics.contains(#"pooling_operations_total{op="max",region="sliding"} 2"#))
        #expect(metrics.contains(#"pooling_problems_total{code="unknown_op"} 1"#))
        #expect(metrics.contains(#"http_request_duration_seconds_count{method="POST",route="/v1/batch",code="200"} 1"#))
    }

    @Test func `entries that are not finished at the deadline get 504`() throws {
        let row = "[" + Array(repeating: "1", count: 4000).joined(separator: ",") + "]"
        let heavy = #"{"op":"median","kernel":512,"stride":1,"padding":"same","input":\#(row)}"#
        let batch =
            #"{"requests":[{"op":"max","kernel":1,"input":[1]},\#(Array(repeating: heavy, count: 12).joined(separator: ","))]}"#
        let response = try DirectService().post("/v1/batch", batch, headers: [("X-Request-Timeout", "200")])
        // Whole only where no worker took it in time.
        if response.status == 200 { #expect(response.text.contains(#""code":"deadline_exceeded""#)) }
        #expect([200, 504].contains(response.status))
    }
}
