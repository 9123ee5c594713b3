import ArgumentParser
import PoolingService

/// The flags of `serve`; all are texts here, because the environment gives texts too and both are read by one reader.
struct ServeOptions: ParsableArguments {
    @Option(help: "The address to listen on (default 127.0.0.1).") var host: String?
    @Option(name: [.customShort("p"), .long], help: "The port to listen on; 0 takes a free one (default 8080).")
    var port: String?
    @Option(help: "Threads that compute (default: one a processor).") var workers: String?
    @Option(help: "Threads that read and write connections (default: one a processor, at most 8).")
    var ioThreads: String?
    @Option(help: "Requests that may wait for a worker (default 256).") var queueDepth: String?
    @Option(help: "The largest body (default 64MiB).") var maxBody: String?
    @Option(help: "The largest result, as tensor bytes (default 256MiB).") var maxResult: String?
    @Option(help: "The most work of one request, in weighted element operations of about 1 ns (default 10000000000).")
    var maxWork: String?
    @Option(help: "Memory for all requests together, by estimate (default: half of what there is).")
    var memoryBudget: String?
    @Option(help: "How long a request may take until its answer is computed (default 60s).")
    var requestTimeout: String?
    @Option(help: "How long a request's head may take to arrive (default 15s).") var headerTimeout: String?
    @Option(help: "How long a body may take to arrive, beside its bytes at --min-rate (default 30s).")
    var bodyTimeout: String?
    @Option(help: "How long a client may take to read its answer, beside its bytes at --min-rate (default 30s).")
    var responseTimeout: String?
    @Option(help: "How long a connection may be idle (default 60s).") var idleTimeout: String?
    @Option(help: "Bytes a second that a client must send and read (default 16KiB).") var minRate: String?
    @Option(help: "Connections at the same time (default 1024).") var maxConnections: String?
    @Option(help: "Connections of one client at the same time (default: no limit).")
    var maxConnectionsPerClient: String?
    @Option(help: "How long accepted requests may take after SIGTERM (default 20s).") var drainTimeout: String?
    @Option(help: "How long new connections are still taken after SIGTERM (default 0s).") var drainDelay: String?
    @Option(help: "A file with API keys, one a line; read again at SIGHUP (default: no keys are asked for).")
    var apiKeyFile: String?
    @Option(help: "Requests that one client may send, such as 100/s or 600/m (default: no limit).")
    var rateLimit: String?
    @Option(help: "An origin whose pages may call the service, or * (default: none).") var corsOrigin: String?
    @Option(help: "A port of its own for /metrics, instead of the main one.") var metricsPort: String?
    @Option(help: "Listen on this UNIX socket instead of host and port.") var unixSocket: String?
    @Option(name: .customLong("listen-fd"), help: "Listen on this inherited descriptor, which is listening already.")
    var listenFD: String?
    @Option(help: "A certificate chain in PEM: serve over TLS; read again at SIGHUP.") var tlsCert: String?
    @Option(help: "The certificate's key in PEM.") var tlsKey: String?
    @Option(name: .customLong("tls-client-ca"), help: "Authorities in PEM that clients' certificates must come from.")
    var tlsClientCA: String?
    @Option(help: "How log lines are written: text or json (default text).") var logFormat: String?
    @Option(help: "What is logged: error, warning, info or debug (default info).") var logLevel: String?
    @Option(help: "The part of the requests that is logged, from 0 to 1; problems always are (default 1).")
    var logSample: String?

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
}
