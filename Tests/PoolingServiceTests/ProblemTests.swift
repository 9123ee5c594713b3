import PoolingEngine
import PoolingWire
import RecycledMemory
import Testing
import Workers

@testable import PoolingService

@Suite struct ProblemTests {
    @Test(arguments: PoolingError.Reason.allCases)
    func `a rejection keeps its name as the code`(_ reason: PoolingError.Reason) {
        let problem = Problem(.rejected(PoolingError(reason, at: "kernel/1", "why")))
        switch reason {
        case .resultTooLarge: #expect((problem.status, problem.code) == (413, .tooLarge))
        case .workTooLarge, .planTooLarge: #expect((problem.status, problem.code) == (413, .tooLarge))
        case .outOfMemory: #expect((problem.status, problem.code) == (503, .overloaded))
        case .stopped: #expect((problem.status, problem.code) == (504, .deadlineExceeded))
        default:
            #expect(problem.status == 422)
            #expect(problem.code.rawValue == Self.snakeCase("\(reason)"))
        }
        #expect(problem.pointer == "/kernel/1")
    }

    @Test(arguments: WireError.Malformation.allCases)
    func `malformed bytes are a 400 under their own code`(_ malformation: WireError.Malformation) {
        let problem = Problem(.malformed(malformation, detail: "at byte 3"))
        #expect(problem.status == 400)
        #expect(problem.code.rawValue == Self.codes[malformation])
        #expect(problem.detail == "at byte 3")
    }

    private static let codes: [WireError.Malformation: String] = [
        .json: "malformed_json", .npy: "malformed_npy", .safetensors: "malformed_safetensors",
        .png: "malformed_png", .request: "malformed_request", .duplicateKey: "duplicate_key", .tooDeep: "too_deep",
    ]

    private static func snakeCase(_ name: String) -> String {
        name.reduce(into: "") { $0 += $1.isUppercase ? "_\($1.lowercased())" : "\($1)" }
    }

    /// Whichever module an error comes from.
    @Test func `one kind of error has one response`() {
        func text(_ failure: Failure) -> String { Problem(failure).response(requestID: "id").text }
        #expect(text(Failure(PoolingError.outOfMemory)) == text(Failure(WireError.memory(.system))))
        #expect(text(Failure(WireError.rejected(.outOfMemory))) == text(.memory(.system)))
        let stopped = PoolingError(.stopped, at: "", "stopped")
        #expect(text(Failure(stopped)) == text(Failure(WireError.stopped)))
        #expect(text(Failure(WireError.rejected(stopped))) == text(.deadlineExceeded))
    }

    @Test func `a rejection of the whole request has an empty pointer`() {
        #expect(Problem(.rejected(PoolingError(.wrongType, at: "", "no object"))).pointer == "")
    }

    @Test func `the document is escaped and complete`() {
        let rejection = PoolingError(.unknownField, at: "a\"b", "say \"no\"\n\u{7F}")
        let text = Problem(.rejected(rejection)).response(requestID: "id-1").text
        let expected =
            #"{"type":"urn:pooling-server:problem:unknown_field","title":"Unknown field","status":422,"#
            + #""detail":"say \"no\"\u000a\u007f","code":"unknown_field","pointer":"/a\"b","request_id":"id-1"}"#
        #expect(text == expected)
    }

    @Test func `who is turned away for now is told when to come back`() {
        for failure in [
            Failure.memory(.budget), .memory(.system), .draining, .queueFull(limit: 3),
            Failure(Workers.Rejection.closing),
        ] {
            let problem = Problem(failure)
            #expect(problem.status == 503)
            #expect(problem.headers.contains { $0.name == "Retry-After" })
        }
    }
}
