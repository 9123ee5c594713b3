import Foundation
import MicroHTTP
import Testing

@testable import PoolingService

@Suite struct APIKeyTests {
    private func withKeys<R>(
        _ text: String, rateLimit: RateLimit? = nil, _ body: (DirectService, String) throws -> R
    ) throws -> R {
        let path = FileManager.default.temporaryDirectory.appendingPathComponent("keys-\(UUID().uuidString)").path
        try text.write(toFile: path, atomically: true, encoding: .utf8)
        defer { try? FileManager.default.removeItem(atPath: path) }
        var configuration = Configuration()
        configuration.apiKeyFile = path
        configuration.rateLimit = rateLimit
        return try body(DirectService(configuration), path)
    }

    @Test func `a key opens the service in either header, anything else does not`() throws {
        try withKeys("# ours\nalpha\n\n  beta  \r\n") { service, _ in
            let get = { (name: String, value: String) in
                service.send("GET", "/v1/operations", headers: [(name, value)]).status
            }
            #expect(get("Authorization", "Bearer alpha") == 200)
            #expect(get("authorization", "bearer beta") == 200)
            #expect(get("X-API-Key", "beta") == 200)
            for (name, value) in [
                ("Authorization", "alpha"), ("Authorization", "Basic alpha"), ("X-API-Key", "alph"),
                ("X-API-Key", "alphaalpha"), ("X-API-Key", ""), ("X-API-Key", "# ours"), ("Other", "alpha"),
            ] {
                #expect(get(name, value) == 401, "\(name): \(value)")
            }
        }
    }

    @Test func `a missing key is told how to send one, and probes need none`() throws {
        try withKeys("alpha") { service, _ in
            #expect(service.send("GET", "/nowhere").header("WWW-Authenticate") == "Bearer")
            #expect(service.send("GET", "/healthz").status == 200)
            #expect(service.send("GET", "/readyz").status == 200)
            #expect(service.send("GET", "/metrics").status == 401)
        }
    }

    @Test func `a page needs no key, so that a browser can show where to give one, but keeps to the rate`() throws {
        try withKeys("alpha", rateLimit: RateLimit(count: 2, seconds: 3600)) { service, _ in
            #expect(service.send("GET", "/").status == 200)
            #expect(service.send("GET", "/docs", headers: [("X-API-Key", "any")]).status == 200)
            #expect(service.send("GET", "/", headers: [("X-API-Key", "other")]).status == 429)
            #expect(service.send("GET", "/openapi.json").status == 401)
            #expect(service.send("GET", "/openapi.json", headers: [("X-API-Key", "alpha")]).status == 200)
        }
    }

    @Test func `keys are read again on demand, and a bad file leaves the old ones`() throws {
        try withKeys("alpha") { _, path in
            let keys = try APIKeys(path: path)
            try "gamma".write(toFile: path, atomically: true, encoding: .utf8)
            try keys.reload()
            #expect(keys.accept(headers("gamma")) && !keys.accept(headers("alpha")))
            try "# nothing".write(toFile: path, atomically: true, encoding: .utf8)
            #expect(throws: ConfigurationError.self) { try keys.reload() }
            #expect(keys.accept(headers("gamma")))
        }
    }

    @Test func `a byte-order mark is not part of the first key`() throws {
        try withKeys("\u{FEFF}alpha\nbeta") { _, path in
            let keys = try APIKeys(path: path)
            #expect(keys.accept(headers("alpha")) && keys.accept(headers("beta")))
        }
    }

    @Test func `a pipe is never waited for`() throws {
        let path = FileManager.default.temporaryDirectory.appendingPathComponent("pipe-\(UUID().uuidString)").path
        #expect(mkfifo(path, 0o600) == 0)
        defer { unlink(path) }
        #expect(throws: ConfigurationError.self) { try APIKeys(path: path) }
    }

    @Test func `a key file without a key says what to write`() throws {
        let path = FileManager.default.temporaryDirectory.appendingPathComponent("keys-\(UUID().uuidString)").path
        try "# none\n\n".write(toFile: path, atomically: true, encoding: .utf8)
        defer { unlink(path) }
        let error = #expect(throws: ConfigurationError.self) { try APIKeys(path: path) }
        #expect(error?.detail == "'\(path)' has no key; write one per line")
    }

    @Test func `a key file that is not there is an error`() {
        #expect(throws: ConfigurationError.self) { try APIKeys(path: "/nonexistent") }
    }

    private func headers(_ key: String) -> RequestHeaders {
        RequestHeaders(.init(method: "GET", path: "/", headers: [("X-API-Key", key)]))
    }
}
