import Glibc
import PoolingService

/// What is said once, when the service listens.
enum Announcement {
    static func write(_ running: RunningService, _ configuration: Configuration, to log: Log) {
        let address = "http://\(bracketed(configuration.host)):\(running.port)"
        log.info("listening on \(address)")
        log.info(glance(configuration))
        if let port = running.metricsPort {
            log.info("metrics on http://\(bracketed(configuration.host)):\(port)/metrics")
        }
        guard isatty(STDERR_FILENO) == 1 else { return }
        log.info("try: curl \(address)/v1/forward -d '{\"op\":\"max\",\"kernel\":2,\"input\":[[1,2],[3,4]]}'")
    }

    private static func glance(_ configuration: Configuration) -> String {
        let mebibytes = { (byteCount: Int) in "\(byteCount >> 20) MiB" }
        return """
            \(configuration.workers) workers, \(configuration.ioThreads) I/O threads, \
            \(configuration.queueDepth) may wait; body up to \(mebibytes(configuration.maxBody)), \
            result up to \(mebibytes(configuration.maxResult)), memory \(mebibytes(configuration.memoryBudget))
            """
    }

    /// IPv6 addresses stand in brackets in a URL.
    private static func bracketed(_ host: String) -> String { host.contains(":") ? "[\(host)]" : host }
}
