import MicroHTTP
import Testing

@testable import PoolingService

@Suite struct AdmissionTests {
    @Test func `a body over the limit is refused from its declared length`() throws {
        var configuration = Configuration()
        configuration.maxBody = 100
        let service = try DirectService(configuration)
        #expect(service.send("POST", "/v1/forward", contentLength: 101).status == 413)
        #expect(service.send("POST", "/v1/forward", contentLength: .max).status == 413)
        #expect(service.send("POST", "/v1/forward", contentLength: 100).status == 400)
    }

    @Test func `a refusal is given before the body is read`() throws {
        let service = try DirectService().service
        let large = HTTPRequestHead(method: "POST", path: "/nowhere", contentLength: 1 << 20)
        guard case .answer(let response, _) = service.decide(large) else { throw Unexpected() }
        #expect(response.status == 404)
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
        #expect(throws: Failure.self) { try budget.reserve(41) }
        #expect(budget.reservedByteCount == 60)
        #expect(Problem(failure { () throws(Failure) in try budget.reserve(41) }).status == 503)
        #expect(Problem(failure { () throws(Failure) in try budget.reserve(101) }).status == 413)
        budget.release(60)
        try budget.reserve(100)
    }

    @Test func `bodies get half of the budget, so that results find room`() throws {
        let budget = MemoryBudget(limit: 100)
        try budget.admit(30)
        try budget.admit(20)
        #expect(Problem(failure { () throws(Failure) in try budget.admit(1) }).status == 503)
        #expect(budget.refusedCount == 1)
        #expect(budget.reservedByteCount == 50)
        try budget.reserve(50)
        #expect(budget.reservedByteCount == 100)
    }

    @Test func `a body over half of the budget is let in where it is alone`() throws {
        let budget = MemoryBudget(limit: 100)
        try budget.admit(80)
        #expect(budget.reservedByteCount == 80)
        #expect(throws: Failure.self) { try budget.admit(10) }
        budget.release(80)
        try budget.admit(10)
        #expect(throws: Failure.self) { try budget.admit(80) }
        #expect(budget.reservedByteCount == 10)
        #expect(Problem(failure { () throws(Failure) in try budget.admit(101) }).status == 413)
        #expect(budget.reservedByteCount == 10)
    }

    @Test func `probes and metrics answer while there is no memory`() throws {
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

    private func failure(_ body: () throws(Failure) -> Void) -> Failure {
        do throws(Failure) {
            try body()
            return .internal
        } catch {
            return error
        }
    }

    struct Unexpected: Error {}
}
