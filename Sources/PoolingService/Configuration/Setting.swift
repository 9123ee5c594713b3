/// Everything that can be configured; a raw value is the flag without its dashes.
package enum Setting: String, CaseIterable, Sendable {
    case host, port, workers
    case ioThreads = "io-threads"
    case queueDepth = "queue-depth"
    case maxBody = "max-body"
    case maxResult = "max-result"
    case maxWork = "max-work"
    case memoryBudget = "memory-budget"
    case requestTimeout = "request-timeout"
    case headerTimeout = "header-timeout"
    case bodyTimeout = "body-timeout"
    case responseTimeout = "response-timeout"
    case minimumRate = "min-rate"
    case idleTimeout = "idle-timeout"
    case maxConnections = "max-connections"
    case maxConnectionsPerClient = "max-connections-per-client"
    case drainTimeout = "drain-timeout"
    case drainDelay = "drain-delay"
    case apiKeyFile = "api-key-file"
    case rateLimit = "rate-limit"
    case corsOrigin = "cors-origin"
    case metricsPort = "metrics-port"
    case unixSocket = "unix-socket"
    case listenFD = "listen-fd"
    case tlsCertificate = "tls-cert"
    case tlsKey = "tls-key"
    case tlsClientCA = "tls-client-ca"
    case logFormat = "log-format"
    case logLevel = "log-level"
    case logSample = "log-sample"

    package var flag: String { "--" + rawValue }

    /// The letter that may be written instead of the flag.
    package var shortFlag: Character? { self == .port ? "p" : nil }

    /// The environment variable with the value of the flag.
    package var variable: String {
        "POOLING_SERVER_" + String(rawValue.map { $0 == "-" ? "_" : $0 }).uppercased()
    }

    /// For `--help`, in one line.
    package var help: String {
        let text = entry.meaning.filter { $0 != "`" }
        return text.prefix(1).uppercased() + text.dropFirst() + " (default \(entry.standard))."
    }

    /// The row of `docs/reference/command-line.md`.
    package var row: String {
        let short = shortFlag.map { ", `-\($0)`" } ?? ""
        return "| `\(flag)`\(short) | `\(variable)` | \(entry.standard) | \(entry.meaning) |"
    }
}
