import MicroHTTP
import Testing

@testable import PoolingService

@Suite struct HealthcheckTests {
    @Test(arguments: [
        ("http://127.0.0.1:8080/healthz", "127.0.0.1", "8080", "/healthz", false),
        ("http://localhost", "localhost", "80", "/", false), ("http://[::1]:81/", "::1", "81", "/", false),
        ("http://[::1]", "::1", "80", "/", false), ("https://localhost/a", "localhost", "443", "/a", true),
    ])
    func `a URL is taken apart`(_ text: String, _ host: String, _ port: String, _ path: String, _ isTLS: Bool) throws {
        let target = try #require(HealthTarget(text))
        #expect(target.address == .tcp(host: host, port: port))
        #expect((target.path, target.isTLS) == (path, isTLS))
    }

    @Test func `a UNIX socket is asked how it is`() throws {
        let target = try #require(HealthTarget("unix:/run/pooling.sock"))
        #expect(target.address == .unix(path: "/run/pooling.sock"))
        #expect(target.path == "/healthz")
    }

    @Test(arguments: [
        "", "localhost:8080", "ftp://localhost", "http://", "http://:80", "http://a:b", "http://a:65536",
        "http://[::1", "unix:", "unix:relative", "tcp://10.0.0.1:80", "http://a/\r\nX: y",
    ])
    func `anything else is rejected`(_ text: String) {
        #expect(HealthTarget(text) == nil)
    }

    @Test(
        arguments: [
            ([:], "http://127.0.0.1:8080/healthz"),
            (["PORT": ""], "http://127.0.0.1:8080/healthz"),
            (["PORT": "tcp://10.0.0.1:80"], "http://127.0.0.1:8080/healthz"),
            (["PORT": "9000", "HOST": "0.0.0.0"], "http://127.0.0.1:9000/healthz"),
            (["HOST": "::"], "http://[::1]:8080/healthz"),
            (["HOST": "10.1.2.3"], "http://10.1.2.3:8080/healthz"),
            (["TLS_CERT": "c.pem", "TLS_KEY": "k.pem"], "https://127.0.0.1:8080/healthz"),
            (["UNIX_SOCKET": "/run/p.sock", "PORT": "9000"], "unix:/run/p.sock"),
            (["PORT": "0"], nil), (["LISTEN_FD": "3"], nil),
        ] as [([String: String], String?)])
    func `the environment says where to ask`(_ variables: [String: String], _ target: String?) throws {
        let environment = Dictionary(uniqueKeysWithValues: variables.map { ("POOLING_SERVER_" + $0, $1) })
        #expect(HealthTarget(try Configuration(flags: [:], environment: environment))?.description == target)
    }

    @Test func `a server that wants client certificates is shown the service's own`() throws {
        var configuration = Configuration()
        (configuration.tlsCertificate, configuration.tlsKey) = ("c.pem", "k.pem")
        #expect(HealthTarget(configuration)?.identity == nil)
        configuration.tlsClientCA = "ca.pem"
        let identity = TLSExchange.Identity(certificateFile: "c.pem", keyFile: "k.pem")
        #expect(HealthTarget(configuration)?.identity == identity)
    }

    @Test func `a status line gives its status`() {
        #expect(HealthProbe.status("HTTP/1.1 200") == 200)
        #expect(HealthProbe.status("HTTP/1.0 503") == 503)
        #expect(HealthProbe.status("SSH-2.0-Open") == nil)
        #expect(HealthProbe.status("HTTP/1.1 ") == nil)
    }
}
