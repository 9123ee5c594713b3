extension Setting {
    /// The default, the meaning and the reader of a setting.
    struct Entry {
        /// The default; a remark in brackets may follow.
        let standard: String
        /// In Markdown, without a capital letter and a full stop.
        let meaning: String
        /// Throws configuration errors only; a closure that is written without its types does not say so.
        private let reader: (inout Configuration, GivenSetting) throws -> Void

        init(
            _ standard: String, _ meaning: String,
            _ reader: @escaping (inout Configuration, GivenSetting) throws -> Void
        ) {
            (self.standard, self.meaning, self.reader) = (standard, meaning, reader)
        }

        /// Reads a text into a configuration.
        func read(_ given: GivenSetting, into configuration: inout Configuration) throws(ConfigurationError) {
            do {
                try reader(&configuration, given)
            } catch let error as ConfigurationError {
                throw error
            } catch {
                throw given.error("\(error)")
            }
        }
    }

    var entry: Entry {
        switch self {
        case .host:
            Entry("127.0.0.1 (0.0.0.0 in the image)", "the address to listen on") { $0.host = try $1.nonEmpty() }
        case .port: Entry("8080", "the port; 0 takes a free one") { $0.port = try $1.port() }
        case .workers: Entry("one per processor", "threads that compute") { $0.workers = try $1.integer(in: 1...1024) }
        case .ioThreads:
            Entry("one per processor, at most 8", "threads that read and write connections") {
                $0.ioThreads = try $1.integer(in: 1...256)
            }
        case .queueDepth:
            Entry("256", "requests that may wait for a worker; more are rejected with 503") {
                $0.queueDepth = try $1.integer(in: 0...1_000_000)
            }
        case .maxBody:
            Entry("64MiB", "the largest body, also after decompression; larger bodies get 413") {
                $0.maxBody = try $1.byteCount()
            }
        case .maxResult:
            Entry("256MiB", "the largest result as tensor bytes; larger results get 413") {
                $0.maxResult = try $1.byteCount()
            }
        case .maxWork:
            Entry(
                "10000000000",
                "the most work of one request, in weighted element operations of about 1 ns of one processor; requests beyond it get 413"
            ) { $0.maxWork = try $1.integer(in: 1...Int.max) }
        case .memoryBudget:
            Entry("half of the available memory", "memory for all requests together, by estimate; others get 503") {
                $0.memoryBudget = try $1.byteCount()
            }
        case .requestTimeout:
            Entry("60s", "the time until a result is computed; then 504") { $0.requestTimeout = try $1.duration() }
        case .headerTimeout:
            Entry("15s", "the time in which a head must arrive") { $0.headerTimeout = try $1.positiveDuration() }
        case .bodyTimeout:
            Entry("30s", "how long a body may be silent, or fall behind `--min-rate`; then 408") {
                $0.bodyTimeout = try $1.positiveDuration()
            }
        case .responseTimeout:
            Entry(
                "30s",
                "how long a client may read nothing, or fall behind `--min-rate`, while a response is sent to it"
            ) { $0.responseTimeout = try $1.positiveDuration() }
        case .minimumRate:
            Entry("16KiB", "bytes per second that a client must send and read") { $0.minimumRate = try $1.byteCount() }
        case .idleTimeout:
            Entry("60s", "how long a connection may be idle") { $0.idleTimeout = try $1.positiveDuration() }
        case .maxConnections:
            Entry("1024", "connections at the same time; more are rejected with 503") {
                $0.maxConnections = try $1.integer(in: 1...1_000_000)
            }
        case .maxConnectionsPerClient:
            Entry("none", "connections of one client at the same time") {
                $0.maxConnectionsPerClient = try $1.integer(in: 1...1_000_000)
            }
        case .drainTimeout:
            Entry("20s", "how long accepted requests may take after SIGTERM") { $0.drainTimeout = try $1.duration() }
        case .drainDelay:
            Entry("0s", "how long new connections are still taken after SIGTERM") { $0.drainDelay = try $1.duration() }
        case .apiKeyFile:
            Entry("none", "a regular file with one key per line; SIGHUP reads it again") {
                $0.apiKeyFile = try $1.nonEmpty()
            }
        case .rateLimit:
            Entry("none", "requests of one client, such as `100/s` or `600/m`; requests beyond it get 429") {
                $0.rateLimit = try RateLimit($1)
            }
        case .corsOrigin:
            Entry("none", "an origin whose pages may call the service, or `*`") {
                $0.corsOrigin = try Configuration.origin($1)
            }
        case .metricsPort:
            Entry(
                "none",
                "a port of its own for `/metrics`, without a key, and for probes: idle connections there make way for new ones"
            ) { $0.metricsPort = try $1.port() }
        case .unixSocket:
            Entry("none", "a UNIX socket to listen on, instead of host and port") {
                $0.unixSocket = try $1.nonEmpty()
            }
        case .listenFD:
            Entry("none", "an inherited descriptor that is listening already") {
                $0.listenDescriptor = Int32(try $1.integer(in: 0...65_535))
            }
        case .tlsCertificate:
            Entry("none", "a certificate chain in PEM; SIGHUP reads it again") {
                $0.tlsCertificate = try $1.nonEmpty()
            }
        case .tlsKey: Entry("none", "the key of the certificate in PEM") { $0.tlsKey = try $1.nonEmpty() }
        case .tlsClientCA:
            Entry("none", "authorities in PEM that the certificates of clients must come from") {
                $0.tlsClientCA = try $1.nonEmpty()
            }
        case .logFormat:
            Entry("text", "the format of the log: `text` or `json`") { $0.logFormat = try $1.choice(LogFormat.self) }
        case .logLevel:
            Entry("info", "the lowest level that is logged: `error`, `warning`, `info` or `debug`") {
                $0.logLevel = try $1.choice(LogLevel.self)
            }
        case .logSample:
            Entry("1", "the part of the requests that is logged, from 0 to 1; problems always are") {
                $0.logSample = try $1.fraction()
            }
        }
    }
}
