import MicroHTTP
import Testing

@testable import PoolingService

@Suite struct CrossOriginTests {
    private let preflight = [(name: "Origin", value: "https://a.example"), ("Access-Control-Request-Method", "POST")]

    @Test func `a preflight gets a response where an origin is allowed`() throws {
        var configuration = Configuration()
        configuration.corsOrigin = "https://a.example"
        let service = try DirectService(configuration)
        let response = service.send("OPTIONS", "/v1/forward", headers: preflight)
        #expect(response.status == 204)
        #expect(response.header("Access-Control-Allow-Origin") == "https://a.example")
        #expect(response.header("Access-Control-Allow-Methods")?.contains("POST") == true)
        #expect(service.post("/v1/forward", "{").header("Access-Control-Allow-Origin") == "https://a.example")
    }

    @Test func `without an allowed origin nothing is said to browsers`() throws {
        let response = try DirectService().send("OPTIONS", "/v1/forward", headers: preflight)
        #expect(response.status == 405)
        #expect(response.header("Access-Control-Allow-Origin") == nil)
    }
}
