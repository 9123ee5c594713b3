import Dispatch
import MicroHTTP
import PoolingEngine
import RecycledMemory
import Workers

/// The service with its threads and ports: started, drained, stopped.
package final class RunningService: Sendable {
    private let service: Service
    private let server: HTTPServer
    private let metricsServer: HTTPServer?
    private let configuration: Configuration
    private let log: Log
    private let workers: Workers

    package struct StartError: Error, Sendable {
        /// One sentence that says what to do.
        package let message: String
    }

    package init(_ configuration: Configuration, log: Log) throws(StartError) {
        self.configuration = configuration
        self.log = log
        let workers = Workers(width: configuration.workers, queueLimit: configuration.queueDepth)
        self.workers = workers
        let admission = try Self.admission(configuration)
        let metrics = Metrics()
        let lifecycle = Lifecycle()
        let connections = ConnectionStatistics()
        let hasMetricsPort = configuration.metricsPort != nil
        service = Service(
            configuration,
            routes: RouteTable.api + RouteTable.pageFiles + RouteTable.probes
                + (hasMetricsPort ? [] : RouteTable.metrics),
            log: log, workers: workers, admission: admission, metrics: metrics, lifecycle: lifecycle,
            connections: connections
        )
        server = try Self.listen(Self.main(configuration, log), service)
        connections.watch(server)
        MemoryRecycler.shared.limit(to: min(MemoryRecycler.standardLimit, configuration.memoryBudget / 8))
        MemoryTrimmer().watch(metrics)
        metricsServer = try configuration.metricsPort.map { port throws(StartError) in
            let monitoring = Service(
                configuration, routes: RouteTable.probes + RouteTable.openMetrics, log: log, workers: workers,
                admission: admission, metrics: metrics, lifecycle: lifecycle, connections: connections)
            return try Self.listen(Self.monitoring(configuration, port: port), monitoring)
        }
    }

    package var port: UInt16 { server.port }

    /// nil where metrics are served on the main port.
    package var metricsPort: UInt16? { metricsServer?.port }

    /// Reads keys and certificates again; what cannot be read stays as it was.
    package func reload() {
        do throws(ConfigurationError) {
            if let keys = service.admission.keys {
                try keys.reload()
                log.info("the API keys were read again")
            }
        } catch {
            log.error("the old API keys stay: \(error)")
        }
        do throws(HTTPServer.StartError) {
            try server.reloadCertificates()
            if configuration.tlsCertificate != nil { log.info("the certificate was read again") }
        } catch {
            log.error("the old certificate stays: \(error)")
        }
    }

    /// From now on not ready, and every response closes its connection; requests are still served.
    package func beginDraining() {
        service.lifecycle.beginDraining()
        server.closeConnectionsAfterResponse()
    }

    /// Stops accepting, and finishes what was accepted.
    ///
    /// - Returns: Whether all of it was finished within the drain timeout.
    package func stop() -> Bool {
        let limit = ContinuousClock.now.advanced(by: configuration.drainTimeout)
        // What is in progress then gets a problem document, and no worker is left behind. A queue of its own, because
        // global ones need a free descriptor.
        DispatchQueue(label: "pooling.stopping").asyncAfter(
            deadline: .now() + .milliseconds(Int(configuration.drainTimeout.milliseconds))
        ) { [service, workers] in
            service.lifecycle.stopWork()
            workers.close()
        }
        let isDone = server.drain(timeout: configuration.drainTimeout + Self.stopPatience)
        let rest = ContinuousClock.now.duration(to: limit + Self.stopPatience)
        let isIdle = workers.finish(within: max(.zero, rest)) && !service.lifecycle.isStopped
        _ = metricsServer?.drain(timeout: .zero)
        log.flush()
        return isDone && isIdle
    }

    /// How long work takes to stop: ample.
    private static let stopPatience = Duration.milliseconds(500)

    private static func admission(_ configuration: Configuration) throws(StartError) -> Admission {
        do throws(ConfigurationError) {
            return try Admission(configuration)
        } catch {
            throw StartError(message: error.description)
        }
    }

    private static func main(_ configuration: Configuration, _ log: Log) -> HTTPServer.Configuration {
        var http = HTTPServer.Configuration()
        http.host = configuration.host
        http.port = configuration.port
        http.ioThreads = configuration.ioThreads
        http.maxConnections = configuration.maxConnections
        http.unixSocketPath = configuration.unixSocket
        http.listenDescriptor = configuration.listenDescriptor
        http.maxConnectionsPerPeer = configuration.maxConnectionsPerClient
        http.deadlines = deadlines(configuration)
        http.tls = tls(configuration)
        http.log = { level, message in
            switch level {
            case .info: log.info(message)
            case .warning: log.warning(message)
            case .error: log.error(message)
            }
        }
        return http
    }

    private static func deadlines(_ configuration: Configuration) -> HTTPServer.Deadlines {
        var deadlines = HTTPServer.Deadlines()
        deadlines.head = configuration.headerTimeout
        deadlines.body = configuration.bodyTimeout
        deadlines.response = configuration.responseTimeout
        deadlines.idle = configuration.idleTimeout
        deadlines.minimumBytesPerSecond = configuration.minimumRate
        return deadlines
    }

    private static func tls(_ configuration: Configuration) -> HTTPServer.TLS? {
        guard let certificate = configuration.tlsCertificate, let key = configuration.tlsKey else { return nil }
        return HTTPServer.TLS(
            certificateFile: certificate, keyFile: key, clientAuthorityFile: configuration.tlsClientCA)
    }

    /// One thread and a few connections are plenty for scrapers and probes.
    ///
    /// Idle connections make way, so that nobody can keep a probe out by opening many.
    private static func monitoring(_ configuration: Configuration, port: UInt16) -> HTTPServer.Configuration {
        var http = HTTPServer.Configuration()
        http.host = configuration.host
        http.port = port
        http.ioThreads = 1
        http.maxConnections = 32
        http.replacesIdleConnections = true
        http.deadlines.head = .seconds(5)
        http.deadlines.body = .seconds(5)
        http.deadlines.response = .seconds(10)
        return http
    }

    private static func listen(
        _ configuration: HTTPServer.Configuration, _ application: Service
    ) throws(StartError) -> HTTPServer {
        do throws(HTTPServer.StartError) {
            return try HTTPServer(configuration, application: application)
        } catch {
            throw StartError(message: error.message)
        }
    }
}
