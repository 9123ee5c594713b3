/// Everything that an operator decides, checked.
package struct Configuration: Sendable {
    package var host = "127.0.0.1"
    /// 0 takes a free port.
    package var port: UInt16 = 8080
    package var workers = Machine.processorCount
    package var ioThreads = min(Machine.processorCount, 8)
    /// Requests that may wait for a worker.
    package var queueDepth = 256
    package var maxBody = 64 << 20
    package var maxResult = 256 << 20
    /// Estimated bytes of all requests that are being read or worked on.
    package var memoryBudget = Machine.memoryByteCount / 2
    package var requestTimeout = Duration.seconds(60)
    package var idleTimeout = Duration.seconds(60)
    package var maxConnections = 1024
    package var drainTimeout = Duration.seconds(20)
    /// How long new connections are still taken after the signal, while load balancers learn of it.
    package var drainDelay = Duration.zero
    package var apiKeyFile: String?
    package var rateLimit: RateLimit?
    /// An origin whose pages may call the service, or `*`.
    package var corsOrigin: String?
    /// Where `/metrics` is served instead of on the main port.
    package var metricsPort: UInt16?
    package var logFormat = LogFormat.text
    package var logLevel = LogLevel.info

    package init() {}

    /// Takes each setting from its flag, else from its environment variable, else leaves the default.
    ///
    /// An empty environment variable counts as not set, because that is how container files unset one.
    package init(
        flags: [Setting: String], environment: [String: String]
    ) throws(ConfigurationError) {
        for setting in Setting.allCases {
            if let text = flags[setting] {
                try apply(setting, GivenSetting(text, from: setting.flag))
            } else if let text = environment[setting.variable], !text.isEmpty, !Self.isServiceLink(text) {
                try apply(setting, GivenSetting(text, from: setting.variable))
            }
        }
    }

    /// Kubernetes sets `POOLING_SERVER_PORT=tcp://10.0.0.1:80` in every container beside a Service named `pooling-server`.
    private static func isServiceLink(_ text: String) -> Bool { text.hasPrefix("tcp://") }

    private mutating func apply(_ setting: Setting, _ given: GivenSetting) throws(ConfigurationError) {
        switch setting {
        case .host: host = try given.nonEmpty()
        case .port: port = try given.port()
        case .workers: workers = try given.integer(in: 1...1024)
        case .ioThreads: ioThreads = try given.integer(in: 1...256)
        case .queueDepth: queueDepth = try given.integer(in: 0...1_000_000)
        case .maxBody: maxBody = try given.byteCount()
        case .maxResult: maxResult = try given.byteCount()
        case .memoryBudget: memoryBudget = try given.byteCount()
        case .requestTimeout: requestTimeout = try given.duration()
        case .idleTimeout: idleTimeout = try given.duration()
        case .maxConnections: maxConnections = try given.integer(in: 1...1_000_000)
        case .drainTimeout: drainTimeout = try given.duration()
        case .drainDelay: drainDelay = try given.duration()
        case .apiKeyFile: apiKeyFile = try given.nonEmpty()
        case .rateLimit: rateLimit = try RateLimit(given)
        case .corsOrigin: corsOrigin = try Self.origin(given)
        case .metricsPort: metricsPort = try given.port()
        case .logFormat: logFormat = try given.choice(LogFormat.self)
        case .logLevel: logLevel = try given.choice(LogLevel.self)
        }
    }

    private static func origin(_ given: GivenSetting) throws(ConfigurationError) -> String {
        let hasScheme = given.text.hasPrefix("http://") || given.text.hasPrefix("https://")
        let isPrintable = given.text.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F }
        guard given.text == "*" || (hasScheme && isPrintable && !given.text.hasSuffix("/")) else {
            throw given.error("give one origin such as https://example.org, or *")
        }
        return given.text
    }
}
