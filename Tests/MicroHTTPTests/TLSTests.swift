import Dispatch
import Foundation
import MicroHTTP
import Synchronization
import Testing

/// Runs over `openssl` and `curl`; where one is missing the suite is reported as skipped.
@Suite(.enabled(if: Tool.openssl.isInstalled && Tool.curl.isInstalled, "openssl and curl are needed"))
struct `TLS` {
    let files: Certificates

    init() throws { files = try Certificates() }

    @Test func `requests get responses over TLS 1_2 and 1_3 and are rejected over 1_1`() throws {
        let test = try files.server()
        for version in ["1.2", "1.3"] {
            #expect(files.get(test, "--tlsv\(version)", "--tls-max", version) == "hello")
        }
        #expect(files.get(test, "--tlsv1.1", "--tls-max", "1.1", "--ciphers", "DEFAULT@SECLEVEL=0") == "")
    }

    @Test func `only a client certificate of the authority is let in`() throws {
        try files.issue("client", by: "authority")
        try files.issueAuthority("stranger")
        try files.issue("rogue", by: "stranger")
        let test = try files.server(clientAuthority: "authority")
        #expect(files.get(test, "--cert", files.path("client.pem"), "--key", files.path("client.key")) == "hello")
        let rejection = "a trusted client certificate is required"
        #expect(files.get(test) == rejection)
        #expect(files.get(test, "--cert", files.path("rogue.pem"), "--key", files.path("rogue.key")) == rejection)
        #expect(test.application.heads.withLock { $0.count } == 1)
    }

    @Test func `a reloaded certificate is shown to new connections, a broken one is not`() throws {
        let test = try files.server()
        let before = try #require(files.shownCertificate(test))
        try files.issue("server", by: "authority")
        try test.server.reloadCertificates()
        let after = try #require(files.shownCertificate(test))
        #expect(before != after)
        try "broken".write(toFile: files.path("server.pem"), atomically: true, encoding: .utf8)
        #expect(throws: HTTPServer.StartError.self) { try test.server.reloadCertificates() }
        #expect(files.shownCertificate(test) == after)
    }

    @Test func `a client that leaves while its request is set aside is noticed`() throws {
        let test = try files.server()
        // The client waits for half a second only.
        DispatchQueue.global().async { _ = files.get(test, at: "/hold", "-d", "x", "--max-time", "0.5") }
        test.application.onHold.wait()
        let request = try #require(test.application.held.withLock { $0.first })
        let end = ContinuousClock.now + .seconds(10)
        while !request.hasHungUp, ContinuousClock.now < end { sched_yield() }
        #expect(request.hasHungUp)
        test.application.release("nobody")
        test.application.onCompleted.wait()
    }

    @Test func `a body that finds no room is told so`() throws {
        let test = try files.server()
        test.application.room.withLock { $0 = 100_000 }
        try Data(count: 3_000_000).write(to: URL(fileURLWithPath: files.path("body")))
        let text = files.get(test, "--data-binary", "@" + files.path("body"), "-w", " %{http_code}", "-H", "Expect:")
        #expect(text == "full 503")
    }

    @Test func `a key that belongs to another certificate is rejected at the start`() throws {
        try files.issue("other", by: "authority")
        try FileManager.default.removeItem(atPath: files.path("server.key"))
        try FileManager.default.copyItem(atPath: files.path("other.key"), toPath: files.path("server.key"))
        let failure = #expect(throws: HTTPServer.StartError.self) { try files.server() }
        #expect(failure?.message.contains("does not belong") == true)
    }
}

/// A program of the system.
enum Tool: String {
    case openssl, curl

    private var path: String { "/usr/bin/\(rawValue)" }

    var isInstalled: Bool { FileManager.default.isExecutableFile(atPath: path) }

    @discardableResult
    func run(_ arguments: [String], input: String = "") throws -> String {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: path)
        process.arguments = arguments
        let (output, typed) = (Pipe(), Pipe())
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        process.standardInput = typed
        try process.run()
        typed.fileHandleForWriting.write(Data(input.utf8))
        try typed.fileHandleForWriting.close()
        let text = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return String(decoding: text, as: UTF8.self)
    }
}

/// A directory of fresh keys and certificates, gone with its owner.
final class Certificates: Sendable {
    private let directory: String

    init() throws {
        directory = NSTemporaryDirectory() + "microhttp-tls-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        try issueAuthority("authority")
        try issue("server", by: "authority")
    }

    deinit { try? FileManager.default.removeItem(atPath: directory) }

    func path(_ name: String) -> String { "\(directory)/\(name)" }

    func issueAuthority(_ name: String) throws {
        try Tool.openssl.run(
            newKey(name) + ["-x509", "-subj", "/CN=\(name)", "-addext", "keyUsage=keyCertSign", "-days", "2"]
                + ["-out", path("\(name).pem")])
    }

    func issue(_ name: String, by authority: String) throws {
        try Tool.openssl.run(newKey(name) + ["-subj", "/CN=localhost", "-out", path("\(name).csr")])
        try "subjectAltName=IP:127.0.0.1\n".write(toFile: path("names"), atomically: true, encoding: .utf8)
        try Tool.openssl.run(
            ["x509", "-req", "-days", "2", "-in", path("\(name).csr"), "-CA", path("\(authority).pem")]
                + ["-CAkey", path("\(authority).key"), "-CAcreateserial", "-extfile", path("names")]
                + ["-out", path("\(name).pem")])
    }

    private func newKey(_ name: String) -> [String] {
        ["req", "-new", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"]
            + ["-keyout", path("\(name).key")]
    }

    func server(clientAuthority: String? = nil) throws -> TestServer {
        try TestServer {
            $0.tls = HTTPServer.TLS(
                certificateFile: path("server.pem"), keyFile: path("server.key"),
                clientAuthorityFile: clientAuthority.map { path("\($0).pem") })
        }
    }

    /// The response of the server to a GET; empty where there is no connection.
    func get(_ test: TestServer, at target: String = "/", _ options: String...) -> String {
        let arguments = ["-s", "--max-time", "10", "--cacert", path("authority.pem")] + options
        return (try? Tool.curl.run(arguments + ["https://127.0.0.1:\(test.server.port)\(target)"])) ?? ""
    }

    /// The serial number of the certificate that a new connection sees.
    func shownCertificate(_ test: TestServer) -> String? {
        let session = try? Tool.openssl.run(["s_client", "-connect", "127.0.0.1:\(test.server.port)"])
        return session.flatMap { try? Tool.openssl.run(["x509", "-noout", "-serial"], input: $0) }
    }
}
