import Testing

@testable import PoolingService

@Suite struct ConfigurationTests {
    @Test func `a flag wins over the environment, and that over the default`() throws {
        let environment = ["POOLING_SERVER_PORT": "9001", "POOLING_SERVER_IO_THREADS": "3"]
        let configuration = try Configuration(flags: [.port: "9000"], environment: environment)
        #expect(configuration.port == 9000)
        #expect(configuration.ioThreads == 3)
        #expect(configuration.host == "127.0.0.1")
    }

    @Test func `an empty variable counts as not set`() throws {
        #expect(try Configuration(flags: [:], environment: ["POOLING_SERVER_PORT": ""]).port == 8080)
    }

    @Test func `the service link that Kubernetes injects is no port`() throws {
        let environment = ["POOLING_SERVER_PORT": "tcp://10.0.0.1:80"]
        #expect(try Configuration(flags: [:], environment: environment).port == 8080)
    }

    @Test(arguments: [
        ("64MiB", 64 << 20), ("1KiB", 1024), ("2GiB", 2 << 30), ("12", 12), ("12B", 12),
    ])
    func `bytes are read with their unit`(_ text: String, _ byteCount: Int) throws {
        #expect(try Configuration(flags: [.maxBody: text], environment: [:]).maxBody == byteCount)
    }

    @Test(arguments: [
        ("1500ms", Duration.milliseconds(1500)), ("30s", .seconds(30)), ("2m", .seconds(120)), ("0", .zero),
    ])
    func `times are read with their unit`(_ text: String, _ duration: Duration) throws {
        #expect(try Configuration(flags: [.drainDelay: text], environment: [:]).drainDelay == duration)
    }

    @Test(arguments: [
        (Setting.maxBody, "64MB", "64MiB"), (.maxBody, "0", "64MiB"), (.maxBody, "9999999999GiB", "64MiB"),
        (.requestTimeout, "30", "30s"), (.requestTimeout, "25h", "24h"), (.port, "65536", "65535"),
        (.port, "http", "65535"), (.workers, "0", "from 1"), (.rateLimit, "100", "100/s"),
        (.logFormat, "xml", "text, json"), (.corsOrigin, "example.org", "https://example.org"),
        (.corsOrigin, "https://a.example\r\nX: y", "https://example.org"),
    ])
    func `a setting that cannot be used is rejected with what would be right`(
        _ setting: Setting, _ text: String, _ hint: String
    ) {
        let error = #expect(throws: ConfigurationError.self) {
            try Configuration(flags: [setting: text], environment: [:])
        }
        #expect(error?.origin == setting.flag)
        #expect(error?.detail.contains(hint) == true)
    }

    @Test func `an error names the variable where the text came from there`() {
        let error = #expect(throws: ConfigurationError.self) {
            try Configuration(flags: [:], environment: ["POOLING_SERVER_MAX_BODY": "many"])
        }
        #expect(error?.origin == "POOLING_SERVER_MAX_BODY")
    }

    @Test(arguments: [("100/s", 100, 1), ("600/m", 600, 60), ("5000/h", 5000, 3600)])
    func `a rate is a count a time`(_ text: String, _ count: Int, _ seconds: Int) throws {
        let configuration = try Configuration(flags: [.rateLimit: text], environment: [:])
        #expect(configuration.rateLimit == RateLimit(count: count, seconds: seconds))
    }
}
