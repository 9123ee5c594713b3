import MicroHTTP
import RecycledMemory
import Testing

@testable import PoolingService

@Suite struct AdmissionTests {
    @Test func `a body over the limit is rejected from its declared length`() throws {
        var configuration = Configuration()
        configuration.maxBody = 100
        let service = try DirectService(configuration)
        #expect(service.send("POST", "/v1/forward", contentLength: 101).status == 413)
        #expect(service.send("POST", "/v1/forward", contentLength: .max).status == 413)
        #expect(service.send("POST", "/v1/forward", contentLength: 100).status == 400)
    }

    @Test func `a rejection is given before the body is read`() throws {
        let service = try DirectService().service
        let large = HTTPRequestHead(method: "POST", path: "/nowhere", contentLength: 1 << 20)
        #expect(service.decide(large).response?.status == 404)
    }

    @Test func `memory is given back when the request is over`() throws {
        let service = try DirectService()
        _ = service.post("/v1/forward", "{}")
        _ = service.post("/v1/forward", #"{"op":"max","kernel":2,"input":[[1,2],[3,4]]}"#)
        #expect(service.service.admission.memory.reservedByteCount == 0)
    }

    @Test func `what exceeds the memory that is left is turned away, what exceeds the budget is too large`() throws {
        let budget = MemoryBudget(limit: 100)
        try budget.reserve(60)
        #expect(throws: MemoryShortage.self) { try budget.reserve(41) }
        #expect(budget.reservedByteCount == 60)
        #expect(Problem(.memory(shortage { () throws(MemoryShortage) in try budget.reserve(41) })).status == 503)
        #expect(Problem(.memory(shortage { () throws(MemoryShortage) in try budget.reserve(101) })).status == 413)
        budget.release(60)
        try budget.reserve(100)
    }

    @Test func `bodies get half of the budget, so that results find room`() throws {
        let budget = MemoryBudget(limit: 100)
        try budget.admit(30)
        try budget.admit(20)
        #expect(Problem(.memory(shortage { () throws(MemoryShortage) in try budget.admit(1) })).status == 503)
        #expect(budget.rejectedCount == 1)
        #expect(budget.reservedByteCount == 50)
        try budget.reserve(50)
        #expect(budget.reservedByteCount == 100)
    }

    @Test func `a body over half of the budget is let in where it is alone`() throws {
        let budget = MemoryBudget(limit: 100)
        try budget.admit(80)
        #expect(budget.reservedByteCount == 80)
        #expect(throws: MemoryShortage.self) { try budget.admit(10) }
        budget.release(80)
        try budget.admit(10)
        #expect(throws: MemoryShortage.self) { try budget.admit(80) }
        #expect(budget.reservedByteCount == 10)
        #expect(Problem(.memory(shortage { () throws(MemoryShortage) in try budget.admit(101) })).status == 413)
        #expect(budget.reservedByteCount == 10)
    }

    @Test func `a body that grows counts what it holds already as its own`() throws {
        let budget = MemoryBudget(limit: 100)
        try budget.admit(30)
        try budget.admit(40, besides: 30)
        #expect(budget.reservedByteCount == 70)
        #expect(throws: MemoryShortage.self) { try budget.admit(1, besides: 20) }
    }

    @Test func `an announced body is told at once that there is no room, and reserves nothing`() throws {
        let budget = MemoryBudget(limit: 100)
        try budget.check(100)
        #expect(Problem(.memory(shortage { () throws(MemoryShortage) in try budget.check(101) })).status == 413)
        try budget.reserve(30)
        try budget.check(20)
        #expect(Problem(.memory(shortage { () throws(MemoryShortage) in try budget.check(21) })).status == 503)
        #expect(budget.reservedByteCount == 30)
    }

    @Test func `the budget is exhausted only after a moment without room`() throws {
        let budget = MemoryBudget(limit: 100)
        let start = MonotonicInstant.now
        try budget.reserve(51)
        #expect(!budget.isExhausted(at: start))
        #expect(budget.isExhausted(at: start.advanced(byMilliseconds: 3000)))
        budget.release(1)
        #expect(!budget.isExhausted(at: start.advanced(byMilliseconds: 3000)))
    }

    @Test func `a body takes memory as it arrives and gives it back at the end`() throws {
        let service = try DirectService().service
        let head = HTTPRequestHead(method: "POST", path: "/v1/forward", contentLength: 60 << 20, peer: "10.0.0.1")
        let (context, rejection) = service.decide(head)
        #expect(rejection == nil)
        #expect(service.admission.memory.reservedByteCount == 0)
        #expect(service.makeRoom(forBodyOf: 1 << 20, context: context) == nil)
        #expect(service.admission.memory.reservedByteCount == 3 << 20)
        #expect(service.makeRoom(forBodyOf: 2 << 20, context: context) == nil)
        #expect(service.admission.memory.reservedByteCount == 6 << 20)
        let shares = service.admission.bodyShares
        #expect(!shares.grow("10.0.0.1", by: shares.limit))
        service.completed(context: context, wasSent: false)
        #expect(service.admission.memory.reservedByteCount == 0)
        #expect(shares.grow("10.0.0.1", by: shares.limit))
    }

    @Test func `a client keeps to its share, and others to theirs`() {
        let shares = BodyShares(limit: 100)
        #expect(shares.grow("a", by: 60) && shares.grow("a", by: 40) && shares.grow("b", by: 100))
        #expect(!shares.grow("a", by: 1))
        shares.release("a", 50)
        #expect(shares.grow("a", by: 50) && !shares.grow("b", by: 1))
        #expect(shares.grow("", by: 1000))
    }

    @Test func `the share of a client holds at least one body`() throws {
        var configuration = Configuration()
        (configuration.memoryBudget, configuration.maxBody) = (400, 10)
        #expect(try Admission(configuration).bodyShares.limit == 100)
        configuration.maxBody = 1000
        #expect(try Admission(configuration).bodyShares.limit == 3000)
    }

    @Test func `a body for a route that reads none is not received`() throws {
        let service = try DirectService().service
        for (method, path) in [("GET", "/healthz"), ("HEAD", "/metrics"), ("GET", "/v1/operations")] {
            let head = HTTPRequestHead(method: method, path: path, contentLength: 1 << 20)
            #expect(service.decide(head).response?.status == 200)
            let chunked = HTTPRequestHead(method: method, path: path, contentLength: nil, isChunked: true)
            #expect(service.decide(chunked).response != nil)
        }
    }

    @Test func `what HTTP rejects has the client's request id and timings too`() throws {
        let service = try DirectService().service
        let named = HTTPRejection(status: 400, detail: "d", headers: [("x-request-id", "mine"), ("X", "y")])
        let response = service.response(to: named, context: nil)
        #expect(response.header("X-Request-ID") == "mine" && response.header("Server-Timing") != nil)
        #expect(response.text.contains(#""request_id":"mine""#))
        let odd = HTTPRejection(status: 431, detail: "d", headers: [("X-Request-ID", "not sane!")])
        let other = service.response(to: odd, context: nil)
        #expect(other.header("X-Request-ID") != nil && other.header("X-Request-ID") != "not sane!")
        #expect(other.text.contains(#""code":"malformed_request""#))
    }

    @Test func `probes and metrics respond while there is no memory`() throws {
        let service = try DirectService()
        try service.service.admission.memory.reserve(service.service.admission.memory.limit)
        #expect(service.post("/v1/forward", "{}").status == 503)
        for path in ["/healthz", "/readyz", "/metrics"] { #expect(service.send("GET", path).status == 200) }
    }

    @Test func `a client's deadline beyond all numbers is no limit`() throws {
        let response = try DirectService().post(
            "/v1/forward", #"{"op":"max","kernel":2,"input":[[1,2],[3,4]]}"#,
            headers: [("X-Request-Timeout", "99999999999999999999999")])
        #expect(response.status == 200)
    }

    @Test(arguments: ["0", "-1", "soon", "", "1.5"])
    func `a client's deadline that is no number of milliseconds is a 400`(_ text: String) throws {
        let response = try DirectService().post("/v1/forward", "{}", headers: [("X-Request-Timeout", text)])
        #expect(response.status == 400)
        #expect(response.text.contains("malformed_request"))
    }

    private func shortage(_ body: () throws(MemoryShortage) -> Void) -> MemoryShortage {
        do throws(MemoryShortage) {
            try body()
            Issue.record("there is memory")
            return .system
        } catch {
            return error
        }
    }

    struct Unexpected: Error {}
}
