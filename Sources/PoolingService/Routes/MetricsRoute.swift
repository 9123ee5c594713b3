import MicroHTTP
import RecycledMemory
import Workers

/// `GET /metrics`.
enum MetricsRoute {
    static let route = route(.monitoring)
    /// On a port of its own, which only the scraper can reach, it asks for no key.
    static let openRoute = route(.probe)

    private static func route(_ access: Route.Access) -> Route {
        Route("GET", "/metrics", access, .respond { service, _ in response(service) })
    }

    private static func response(_ service: Service) -> HTTPResponse {
        var exposition = Exposition()
        let total = service.metrics.total()
        writeRequests(total, service, to: &exposition)
        writeWork(total, service, to: &exposition)
        if let connections = service.connections.current { writeConnections(connections, to: &exposition) }
        writeProcess(service, to: &exposition)
        return HTTPResponse(
            status: 200, headers: [("Content-Type", Exposition.contentType)],
            body: [Bytes(copying: exposition.text.utf8)])
    }

    private static func writeRequests(_ total: MetricsShard, _ service: Service, to exposition: inout Exposition) {
        let duration = "http_request_duration_seconds"
        exposition.family(duration, .histogram, "Time from a request's head to the end of its response.")
        let series = total.durations.map { series, histogram in
            let labels = [
                Exposition.label("method", series.method), Exposition.label("route", series.route),
                Exposition.label("code", "\(series.status)"),
            ]
            return (labels: labels.joined(separator: ","), histogram: histogram)
        }
        for (labels, histogram) in series.sorted(by: { $0.labels < $1.labels }) {
            histogram.write(duration, labels: labels, to: &exposition)
        }
        exposition.single(
            "http_requests_in_flight", .gauge, "Requests between head and end of response.",
            service.metrics.requestsInFlight)
        exposition.single(
            "http_request_bytes_total", .counter, "Bytes of all request bodies.", total.requestByteCount)
        exposition.single(
            "http_response_bytes_total", .counter, "Bytes of all response bodies.", total.responseByteCount)
        exposition.family("pooling_problems_total", .counter, "Error responses, by code.")
        for (code, count) in total.rejections.sorted(by: { $0.key.rawValue < $1.key.rawValue }) {
            exposition.sample("pooling_problems_total", Exposition.label("code", code.rawValue), "\(count)")
        }
    }

    private static func writeWork(_ total: MetricsShard, _ service: Service, to exposition: inout Exposition) {
        exposition.family("pooling_operations_total", .counter, "Requests that were planned, by op and region.")
        let work = total.work.map { work, count in
            let labels = [Exposition.label("op", work.operation), Exposition.label("region", work.region)]
            return (labels: labels.joined(separator: ","), count: count)
        }
        for (labels, count) in work.sorted(by: { $0.labels < $1.labels }) {
            exposition.sample("pooling_operations_total", labels, "\(count)")
        }
        exposition.family("pooling_queue_wait_seconds", .histogram, "Time that jobs waited in the queue.")
        total.wait.write("pooling_queue_wait_seconds", labels: "", to: &exposition)
        let compute = "pooling_compute_seconds"
        exposition.family(compute, .histogram, "Time that kernels ran, by op.")
        for (operation, histogram) in total.compute.sorted(by: { $0.key < $1.key }) {
            histogram.write(compute, labels: Exposition.label("op", operation), to: &exposition)
        }
        let stops = "pooling_work_stopped_total"
        exposition.family(stops, .counter, "Requests stopped during computation, by cause.")
        for cause in WorkStop.Cause.allCases {
            exposition.sample(stops, Exposition.label("cause", cause.label), "\(total.stops[cause] ?? 0)")
        }
        writeWorkers(service, to: &exposition)
    }

    private static func writeWorkers(_ service: Service, to exposition: inout Exposition) {
        let workers = service.workers.statistics
        exposition.single("pooling_queue_depth", .gauge, "Jobs in the queue.", workers.waiting)
        exposition.single("pooling_queue_limit", .gauge, "Size of the queue.", service.workers.queueLimit)
        exposition.single("pooling_workers", .gauge, "Workers.", service.workers.width)
        exposition.single("pooling_workers_busy", .gauge, "Workers that run a job.", workers.busy)
        exposition.single(
            "pooling_jobs_refused_total", .counter, "Jobs rejected because the queue was full.", workers.rejected)
        exposition.single(
            "pooling_jobs_expired_total", .counter, "Jobs whose deadline passed in the queue.", workers.expired)
        exposition.single(
            "pooling_jobs_unwanted_total", .counter,
            "Jobs removed from the queue because the client disconnected.", workers.unwanted)
    }

    private static func writeConnections(_ statistics: HTTPServer.Statistics, to exposition: inout Exposition) {
        exposition.single("http_connections_open", .gauge, "Open connections.", statistics.openConnections)
        exposition.single(
            "http_connections_accepted_total", .counter, "Connections that were accepted.",
            statistics.acceptedConnections)
        exposition.single(
            "http_connections_refused_total", .counter, "Connections over the limit.", statistics.rejectedConnections)
        exposition.single(
            "http_heads_refused_total", .counter, "Requests with a malformed head.", statistics.rejectedHeads)
        let expired = "http_connections_expired_total"
        exposition.family(expired, .counter, "Connections that were cut off because a phase took too long.")
        for phase in ConnectionPhase.allCases {
            guard let count = statistics.expiredConnections[phase] else { continue }
            exposition.sample(expired, Exposition.label("phase", "\(phase)"), "\(count)")
        }
    }

    private static func writeProcess(_ service: Service, to exposition: inout Exposition) {
        let memory = service.admission.memory
        exposition.single(
            "pooling_memory_reserved_bytes", .gauge, "Estimated memory of the admitted requests.",
            memory.reservedByteCount)
        exposition.single("pooling_memory_budget_bytes", .gauge, "Memory budget.", memory.limit)
        exposition.single(
            "pooling_memory_refused_total", .counter, "Requests rejected because of the memory budget.",
            memory.rejectedCount)
        exposition.single(
            "pooling_draining", .gauge, "1 while the server drains.", service.lifecycle.isDraining ? 1 : 0)
        exposition.single(
            "pooling_log_lines_lost_total", .counter, "Log lines that could not be written.",
            service.lostLogLineCount)
        writeBuild(to: &exposition)
        writeSystem(ProcessStatistics(), to: &exposition)
    }

    private static func writeSystem(_ process: ProcessStatistics, to exposition: inout Exposition) {
        exposition.single(
            "process_resident_memory_bytes", .gauge, "Resident memory.", process.residentByteCount)
        exposition.single(
            "process_cpu_seconds_total", .counter, "Processor time, user and system.", process.processorSeconds)
        exposition.single("process_open_fds", .gauge, "Open file descriptors.", process.openDescriptorCount)
        exposition.single("process_max_fds", .gauge, "Descriptors that may be open.", process.descriptorLimit)
        exposition.single("process_threads", .gauge, "Threads.", process.threadCount)
    }

    private static func writeBuild(to exposition: inout Exposition) {
        exposition.family("pooling_server_build_info", .gauge, "The version and the instruction set it was built for.")
        let labels = [
            Exposition.label("version", BuildInfo.version),
            Exposition.label("instruction_set", BuildInfo.instructionSet),
        ]
        exposition.sample("pooling_server_build_info", labels.joined(separator: ","), "1")
    }
}
