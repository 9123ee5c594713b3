import Testing

@testable import PoolingService

@Suite struct HealthcheckTests {
    @Test(arguments: [
        ("http://127.0.0.1:8080/healthz", "127.0.0.1", "8080", "/healthz"),
        ("http://localhost", "localhost", "80", "/"), ("http://[::1]:81/", "::1", "81", "/"),
        ("http://[::1]", "::1", "80", "/"),
    ])
    func `a URL is taken apart`(_ text: String, _ host: String, _ port: String, _ path: String) throws {
        let url = try #require(HealthcheckURL(text))
        #expect((url.host, url.port, url.path) == (host, port, path))
    }

    @Test(arguments: [
        "", "localhost:8080", "https://localhost", "http://", "http://:80", "http://a:b", "http://a:65536",
        "http://[::1",
        "http://a/\r\nX: y",
    ])
    func `what is no http URL is refused`(_ text: String) {
        #expect(HealthcheckURL(text) == nil)
    }

    @Test func `a status line gives its status`() {
        #expect(HealthProbe.status("HTTP/1.1 200") == 200)
        #expect(HealthProbe.status("HTTP/1.0 503") == 503)
        #expect(HealthProbe.status("SSH-2.0-Open") == nil)
    }
}
