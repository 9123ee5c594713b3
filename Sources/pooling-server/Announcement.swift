import PoolingService

/// What is said once, when the service listens.
enum Announcement {
    static func write(_ running: RunningService, _ configuration: Configuration, to log: Log) {
        let address = address(configuration, port: running.port)
        log.info("listening on \(address)")
        log.info(glance(configuration))
        if let port = running.metricsPort {
            log.info("metrics on http://\(bracketed(configuration.host)):\(port)/metrics")
        }
        log.info(invitation(configuration, port: running.port))
    }

    /// Where a person goes from here.
    private static func invitation(_ configuration: Configuration, port: UInt16) -> String {
        let request = #"/v1/forward -d '{"op":"max","kernel":2,"input":[[1,2],[3,4]]}'"#
        let key = configuration.apiKeyFile == nil ? "" : " -H 'Authorization: Bearer KEY'"
        if let path = configuration.unixSocket {
            return "try: curl\(key) --unix-socket \(path) http://localhost\(request)"
        }
        let address = address(reachable(configuration), port: port)
        return "page: \(address)/, documentation: \(address)/docs, try: curl\(key) \(address)\(request)"
    }

    /// With an address that a browser can open where the service listens on all.
    private static func reachable(_ configuration: Configuration) -> Configuration {
        var reachable = configuration
        if ["0.0.0.0", "::"].contains(configuration.host) { reachable.host = "localhost" }
        return reachable
    }

    private static func address(_ configuration: Configuration, port: UInt16) -> String {
        if let path = configuration.unixSocket { return "unix:\(path)" }
        let scheme = configuration.tlsCertificate == nil ? "http" : "https"
        return "\(scheme)://\(bracketed(configuration.host)):\(port)"
    }

    /// The budget, and what it was derived from where it was not given.
    private static func memory(_ budget: Int) -> String {
        let limit = MemoryLimit.current
        let derivation = budget == limit.budget ? " (half of \(limit.byteCount >> 20) MiB: \(limit.origin))" : ""
        return "memory budget \(budget >> 20) MiB\(derivation)"
    }

    private static func glance(_ configuration: Configuration) -> String {
        let mebibytes = { (byteCount: Int) in "\(byteCount >> 20) MiB" }
        return """
            \(configuration.workers) workers, \(configuration.ioThreads) I/O threads, \
            queue of \(configuration.queueDepth) requests; body up to \(mebibytes(configuration.maxBody)), \
            result up to \(mebibytes(configuration.maxResult)), \(memory(configuration.memoryBudget))
            """
    }

    /// In a URL, an IPv6 address is in brackets.
    private static func bracketed(_ host: String) -> String { host.contains(":") ? "[\(host)]" : host }
}
