import MicroHTTP
import Testing

@testable import PoolingService

@Suite struct RoutingTests {
    @Test func `an unknown path is told its nearest neighbour`() throws {
        let response = try DirectService().send("GET", "/v1/forwards")
        #expect(response.status == 404)
        #expect(response.header("Content-Type") == "application/problem+json")
        #expect(response.text.contains("did you mean '/v1/forward'?"))
    }

    @Test(arguments: ["/v1", "/v2/models/forward/stats/x", "/v9", "/v3/health/live"])
    func `a version is no misspelling of another`(_ path: String) throws {
        let response = try DirectService().send("GET", path)
        #expect(response.status == 404)
        #expect(!response.text.contains("did you mean"))
    }

    @Test func `a path with others below it names them`() throws {
        let text = try DirectService().send("GET", "/v1").text
        #expect(text.contains("below it are /v1/backward, /v1/batch, /v1/forward, "))
    }

    @Test func `the documentation with a slash at its end is where it is without`() throws {
        let response = try DirectService(routes: RouteTable.all + RouteTable.pageFiles).send("GET", "/docs/")
        #expect(response.status == 308)
        #expect(response.header("Location") == "../docs")
    }

    @Test func `a path like no other is a plain 404`() throws {
        let response = try DirectService().send("GET", "/wp-admin/setup.php")
        #expect(response.status == 404)
        #expect(!response.text.contains("did you mean"))
    }

    @Test func `a wrong method is told the right ones`() throws {
        let service = try DirectService()
        #expect(service.send("GET", "/v1/forward").header("Allow") == "POST")
        #expect(service.send("POST", "/healthz").header("Allow") == "GET, HEAD")
        #expect(service.send("DELETE", "/healthz").status == 405)
    }

    @Test func `HEAD works wherever GET does`() throws {
        let service = try DirectService()
        for route in RouteTable.all where route.method == "GET" {
            let path = route.path.replacing("{model}", with: "forward").replacing("{version}", with: "1")
            #expect(service.send("HEAD", path).status == 200, "\(path)")
        }
    }

    @Test func `no two routes are the same`() {
        #expect(Set(RouteTable.all.map { "\($0.method) \($0.path)" }).count == RouteTable.all.count)
    }

    @Test func `a draining instance is alive and not ready`() throws {
        let lifecycle = Lifecycle()
        let service = try DirectService(lifecycle: lifecycle)
        #expect(service.send("GET", "/readyz").status == 200)
        lifecycle.beginDraining()
        #expect(service.send("GET", "/readyz").status == 503)
        #expect(service.send("GET", "/healthz").status == 200)
    }
}
