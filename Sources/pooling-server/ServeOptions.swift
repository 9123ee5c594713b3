import ArgumentParser
import PoolingService

/// The flags of `serve`; all are texts here, because the environment gives texts too and both are read by one reader.
struct ServeOptions: ParsableArguments {
    @Option(help: "The address to listen on (default 127.0.0.1).") var host: String?
    @Option(help: "The port to listen on; 0 takes a free one (default 8080).") var port: String?
    @Option(help: "Threads that compute (default: one a processor).") var workers: String?
    @Option(help: "Threads that read and write connections (default: one a processor, at most 8).")
    var ioThreads: String?
    @Option(help: "Requests that may wait for a worker (default 256).") var queueDepth: String?
    @Option(help: "The largest body (default 64MiB).") var maxBody: String?
    @Option(help: "The largest result, as tensor bytes (default 256MiB).") var maxResult: String?
    @Option(help: "Memory for all requests together, by estimate (default: half of what there is).")
    var memoryBudget: String?
    @Option(help: "How long a request may take until its answer is computed (default 60s).")
    var requestTimeout: String?
    @Option(help: "How long a connection may be idle (default 60s).") var idleTimeout: String?
    @Option(help: "Connections at the same time (default 1024).") var maxConnections: String?
    @Option(help: "How long accepted requests may take after SIGTERM (default 20s).") var drainTimeout: String?
    @Option(help: "How long new connections are still taken after SIGTERM (default 0s).") var drainDelay: String?
    @Option(help: "A file with API keys, one a line; read again at SIGHUP (default: no keys are asked for).")
    var apiKeyFile: String?
    @Option(help: "Requests that one client may send, such as 100/s or 600/m (default: no limit).")
    var rateLimit: String?
    @Option(help: "An origin whose pages may call the service, or * (default: none).") var corsOrigin: String?
    @Option(help: "A port of its own for /metrics, instead of the main one.") var metricsPort: String?
    @Option(help: "How log lines are written: text or json (default text).") var logFormat: String?
    @Option(help: "What is logged: error, warning, info or debug (default info).") var logLevel: String?

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
        case .memoryBudget: memoryBudget
        case .requestTimeout: requestTimeout
        case .idleTimeout: idleTimeout
        case .maxConnections: maxConnections
        case .drainTimeout: drainTimeout
        case .drainDelay: drainDelay
        case .apiKeyFile: apiKeyFile
        case .rateLimit: rateLimit
        case .corsOrigin: corsOrigin
        case .metricsPort: metricsPort
        case .logFormat: logFormat
        case .logLevel: logLevel
        }
    }
}
