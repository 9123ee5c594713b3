import PoolingEngine
import RecycledMemory

/// Everything that an operator decides, checked.
package struct Configuration: Sendable {
    package var host = "127.0.0.1"
    /// 0 takes a free port.
    package var port: UInt16 = 8080
    package var workers = Machine.processorCount
    package var ioThreads = min(Machine.processorCount, mostStandardIOThreads)
    /// Each serves many connections, so that a large machine needs no more.
    static let mostStandardIOThreads = 8
    /// Requests that may wait for a worker.
    package var queueDepth = 256
    package var maxBody = 64 << 20
    package var maxResult = 256 << 20
    /// Weighted element operations of one request, each about a nanosecond of one processor.
    package var maxWork = Cost.standardLimit
    /// Estimated bytes of all requests that are being read or worked on.
    package var memoryBudget = MemoryLimit.current.budget
    package var requestTimeout = Duration.seconds(60)
    package var headerTimeout = Duration.seconds(15)
    /// For a body of any size, to which come its bytes at `minimumRate`.
    package var bodyTimeout = Duration.seconds(30)
    /// For reading a response of any size, to which come its bytes at `minimumRate`.
    package var responseTimeout = Duration.seconds(30)
    package var idleTimeout = Duration.seconds(60)
    /// Bytes a second; slower clients are cut off.
    package var minimumRate = 16 << 10
    package var maxConnections = 1024
    /// nil sets no limit: behind a proxy all clients share an address.
    package var maxConnectionsPerClient: Int?
    package var drainTimeout = Duration.seconds(20)
    /// How long new connections are still taken after the signal, while load balancers learn of it.
    package var drainDelay = Duration.zero
    package var apiKeyFile: String?
    package var rateLimit: RateLimit?
    /// An origin whose pages may call the service, or `*`.
    package var corsOrigin: String?
    /// Where `/metrics` is served instead of on the main port.
    package var metricsPort: UInt16?
    /// Listens on this UNIX socket instead of host and port.
    package var unixSocket: String?
    /// Listens on this inherited descriptor instead of anything else.
    package var listenDescriptor: Int32?
    package var tlsCertificate: String?
    package var tlsKey: String?
    package var tlsClientCA: String?
    package var logFormat = LogFormat.text
    package var logLevel = LogLevel.info
    /// The part of the requests that is logged; those that end in a problem always are.
    package var logSample = 1.0

    package init() {}

    /// Takes each setting from its flag, else from its environment variable, else leaves the default.
    ///
    /// An empty environment variable counts as not set, because that is how container files unset one.
    package init(
        flags: [Setting: String], environment: [String: String]
    ) throws(ConfigurationError) {
        for setting in Setting.allCases {
            if let text = flags[setting] {
                try setting.entry.read(GivenSetting(text, from: setting.flag), into: &self)
            } else if let text = environment[setting.variable], !text.isEmpty, !Self.isServiceLink(text) {
                try setting.entry.read(GivenSetting(text, from: setting.variable), into: &self)
            }
        }
        try checkTLS()
    }

    private func checkTLS() throws(ConfigurationError) {
        guard (tlsCertificate == nil) == (tlsKey == nil) else {
            let (given, missing) = tlsKey == nil ? (Setting.tlsCertificate, Setting.tlsKey) : (.tlsKey, .tlsCertificate)
            throw ConfigurationError(given.flag, "it needs \(missing.flag) too")
        }
        guard tlsClientCA == nil || tlsCertificate != nil else {
            throw ConfigurationError(Setting.tlsClientCA.flag, "it needs --tls-cert and --tls-key too")
        }
    }

    /// Kubernetes sets `POOLING_SERVER_PORT=tcp://10.0.0.1:80` in every container of a namespace with a Service of the name
    /// `pooling-server`.
    private static func isServiceLink(_ text: String) -> Bool { text.hasPrefix("tcp://") }

    static func origin(_ given: GivenSetting) throws(ConfigurationError) -> String {
        let hasScheme = given.text.hasPrefix("http://") || given.text.hasPrefix("https://")
        let isPrintable = given.text.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F }
        guard given.text == "*" || (hasScheme && isPrintable && !given.text.hasSuffix("/")) else {
            throw given.error("give one origin such as https://example.org, or *")
        }
        return given.text
    }
}
