import Glibc
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
        guard isatty(STDERR_FILENO) == 1, configuration.unixSocket == nil else { return }
        log.info("try: curl \(address)/v1/forward -d '{\"op\":\"max\",\"kernel\":2,\"input\":[[1,2],[3,4]]}'")
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
            \(configuration.queueDepth) may wait; body up to \(mebibytes(configuration.maxBody)), \
            result up to \(mebibytes(configuration.maxResult)), \(memory(configuration.memoryBudget))
            """
    }

    /// IPv6 addresses stand in brackets in a URL.
    private static func bracketed(_ host: String) -> String { host.contains(":") ? "[\(host)]" : host }
}
