extension Setting {
    /// The default, the meaning and the reader of a setting.
    struct Entry {
        /// The default; a remark in brackets may follow.
        let standard: String
        /// In Markdown, without a capital letter and a full stop.
        let meaning: String
        private let reader: (inout Configuration, GivenSetting) throws(ConfigurationError) -> Void

        /// - Parameters:
        ///   - standard: the default in words, where it depends on the machine; otherwise it is that of `property`.
        ///   - remark: what follows the default in brackets.
        init<Value>(
            _ property: WritableKeyPath<Configuration, Value>, _ format: SettingFormat<Value>,
            standard: String? = nil, remark: String? = nil, _ meaning: String
        ) {
            let text = standard ?? format.text(Configuration()[keyPath: property])
            self.standard = text + (remark.map { " (\($0))" } ?? "")
            self.meaning = meaning
            reader = { (configuration, given) throws(ConfigurationError) in
                configuration[keyPath: property] = try format.read(given)
            }
        }

        /// The same for a setting that may have no value.
        init<Value>(
            _ property: WritableKeyPath<Configuration, Value?>, optional format: SettingFormat<Value>, _ meaning: String
        ) {
            self.init(property, format.orNone, meaning)
        }

        /// Reads a text into a configuration.
        func read(_ given: GivenSetting, into configuration: inout Configuration) throws(ConfigurationError) {
            try reader(&configuration, given)
        }
    }

    var entry: Entry {
        switch self {
        case .host: Entry(\.host, .nonEmpty, remark: "0.0.0.0 in the image", "the address to listen on")
        case .port: Entry(\.port, .port, "the port; 0 takes a free one")
        case .workers:
            Entry(\.workers, .integer(in: 1...1024), standard: "one per processor", "threads that compute")
        case .ioThreads:
            Entry(
                \.ioThreads, .integer(in: 1...256),
                standard: "one per processor, at most \(Configuration.mostStandardIOThreads)",
                "threads that read and write connections")
        case .queueDepth:
            Entry(
                \.queueDepth, .integer(in: 0...1_000_000),
                "requests that may wait for a worker; more are rejected with 503")
        case .maxBody:
            Entry(\.maxBody, .byteCount, "the largest body, also after decompression; larger bodies get 413")
        case .maxResult: Entry(\.maxResult, .byteCount, "the largest result as tensor bytes; larger results get 413")
        case .maxWork:
            Entry(
                \.maxWork, .integer(in: 1...Int.max),
                "the most work of one request, in weighted element operations of about 1 ns of one processor; requests beyond it get 413"
            )
        case .memoryBudget:
            Entry(
                \.memoryBudget, .byteCount, standard: "half of the available memory",
                "memory for all requests together, by estimate; others get 503")
        case .requestTimeout: Entry(\.requestTimeout, .duration, "the time until a result is computed; then 504")
        case .headerTimeout: Entry(\.headerTimeout, .positiveDuration, "the time in which a head must arrive")
        case .bodyTimeout:
            Entry(
                \.bodyTimeout, .positiveDuration,
                "how long a body may be silent, or fall behind `--min-rate`; then 408")
        case .responseTimeout:
            Entry(
                \.responseTimeout, .positiveDuration,
                "how long a client may read nothing, or fall behind `--min-rate`, while a response is sent to it")
        case .minimumRate: Entry(\.minimumRate, .byteCount, "bytes per second that a client must send and read")
        case .idleTimeout: Entry(\.idleTimeout, .positiveDuration, "how long a connection may be idle")
        case .maxConnections:
            Entry(
                \.maxConnections, .integer(in: 1...1_000_000),
                "connections at the same time; more are rejected with 503")
        case .maxConnectionsPerClient:
            Entry(
                \.maxConnectionsPerClient, optional: .integer(in: 1...1_000_000),
                "connections of one client at the same time")
        case .drainTimeout: Entry(\.drainTimeout, .duration, "how long accepted requests may take after SIGTERM")
        case .drainDelay: Entry(\.drainDelay, .duration, "how long new connections are still taken after SIGTERM")
        case .apiKeyFile:
            Entry(\.apiKeyFile, optional: .nonEmpty, "a regular file with one key per line; SIGHUP reads it again")
        case .rateLimit:
            Entry(
                \.rateLimit, optional: .rateLimit,
                "requests of one client, such as `100/s` or `600/m`; requests beyond it get 429")
        case .corsOrigin: Entry(\.corsOrigin, optional: .origin, "an origin whose pages may call the service, or `*`")
        case .metricsPort:
            Entry(
                \.metricsPort, optional: .port,
                "a port of its own for `/metrics`, without a key, and for probes: idle connections there make way for new ones"
            )
        case .unixSocket:
            Entry(\.unixSocket, optional: .nonEmpty, "a UNIX socket to listen on, instead of host and port")
        case .listenFD:
            Entry(\.listenDescriptor, optional: .descriptor, "an inherited descriptor that is listening already")
        case .tlsCertificate:
            Entry(\.tlsCertificate, optional: .nonEmpty, "a certificate chain in PEM; SIGHUP reads it again")
        case .tlsKey: Entry(\.tlsKey, optional: .nonEmpty, "the key of the certificate in PEM")
        case .tlsClientCA:
            Entry(
                \.tlsClientCA, optional: .nonEmpty, "authorities in PEM that the certificates of clients must come from"
            )
        case .logFormat: Entry(\.logFormat, .choice, "the format of the log: `text` or `json`")
        case .logLevel:
            Entry(\.logLevel, .choice, "the lowest level that is logged: `error`, `warning`, `info` or `debug`")
        case .logSample:
            Entry(\.logSample, .fraction, "the part of the requests that is logged, from 0 to 1; problems always are")
        }
    }
}
