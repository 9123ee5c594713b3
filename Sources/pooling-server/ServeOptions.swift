import ArgumentParser
import PoolingService

/// The flags of `serve`; all are texts here, because the environment gives texts too and both are read by one reader.
struct ServeOptions: ParsableArguments {
    @Option(help: Self.help(.host)) var host: String?
    @Option(name: [.customShort("p"), .long], help: Self.help(.port)) var port: String?
    @Option(help: Self.help(.workers)) var workers: String?
    @Option(help: Self.help(.ioThreads)) var ioThreads: String?
    @Option(help: Self.help(.queueDepth)) var queueDepth: String?
    @Option(help: Self.help(.maxBody)) var maxBody: String?
    @Option(help: Self.help(.maxResult)) var maxResult: String?
    @Option(help: Self.help(.maxWork)) var maxWork: String?
    @Option(help: Self.help(.memoryBudget)) var memoryBudget: String?
    @Option(help: Self.help(.requestTimeout)) var requestTimeout: String?
    @Option(help: Self.help(.headerTimeout)) var headerTimeout: String?
    @Option(help: Self.help(.bodyTimeout)) var bodyTimeout: String?
    @Option(help: Self.help(.responseTimeout)) var responseTimeout: String?
    @Option(help: Self.help(.minimumRate)) var minRate: String?
    @Option(help: Self.help(.idleTimeout)) var idleTimeout: String?
    @Option(help: Self.help(.maxConnections)) var maxConnections: String?
    @Option(help: Self.help(.maxConnectionsPerClient)) var maxConnectionsPerClient: String?
    @Option(help: Self.help(.drainTimeout)) var drainTimeout: String?
    @Option(help: Self.help(.drainDelay)) var drainDelay: String?
    @Option(help: Self.help(.apiKeyFile)) var apiKeyFile: String?
    @Option(help: Self.help(.rateLimit)) var rateLimit: String?
    @Option(help: Self.help(.corsOrigin)) var corsOrigin: String?
    @Option(help: Self.help(.metricsPort)) var metricsPort: String?
    @Option(help: Self.help(.unixSocket)) var unixSocket: String?
    @Option(name: .customLong("listen-fd"), help: Self.help(.listenFD)) var listenFD: String?
    @Option(help: Self.help(.tlsCertificate)) var tlsCert: String?
    @Option(help: Self.help(.tlsKey)) var tlsKey: String?
    @Option(name: .customLong("tls-client-ca"), help: Self.help(.tlsClientCA)) var tlsClientCA: String?
    @Option(help: Self.help(.logFormat)) var logFormat: String?
    @Option(help: Self.help(.logLevel)) var logLevel: String?
    @Option(help: Self.help(.logSample)) var logSample: String?

    /// What the flags and the environment say together.
    func configuration() throws(ConfigurationError) -> Configuration {
        let given = Setting.allCases.compactMap { setting in self[setting].map { (setting, $0) } }
        return try Configuration(flags: Dictionary(uniqueKeysWithValues: given), environment: Environment.variables)
    }

    private subscript(setting: Setting) -> String? {
        switch setting {
        case .host: host
        case .port: port
        case .workers: workers
        case .ioThreads: ioThreads
        case .queueDepth: queueDepth
        case .maxBody: maxBody
        case .maxResult: maxResult
        case .maxWork: maxWork
        case .memoryBudget: memoryBudget
        case .requestTimeout: requestTimeout
        case .headerTimeout: headerTimeout
        case .bodyTimeout: bodyTimeout
        case .responseTimeout: responseTimeout
        case .idleTimeout: idleTimeout
        case .minimumRate: minRate
        case .maxConnections: maxConnections
        case .maxConnectionsPerClient: maxConnectionsPerClient
        case .drainTimeout: drainTimeout
        case .drainDelay: drainDelay
        case .apiKeyFile: apiKeyFile
        case .rateLimit: rateLimit
        case .corsOrigin: corsOrigin
        case .metricsPort: metricsPort
        case .unixSocket: unixSocket
        case .listenFD: listenFD
        case .tlsCertificate: tlsCert
        case .tlsKey: tlsKey
        case .tlsClientCA: tlsClientCA
        case .logFormat: logFormat
        case .logLevel: logLevel
        case .logSample: logSample
        }
    }

    private static func help(_ setting: Setting) -> ArgumentHelp { ArgumentHelp(setting.help) }
}
