/// The service's log, in the configured format.
package struct Log: Sendable {
    package let format: LogFormat
    package let level: LogLevel
    private let sampler: Sampler
    private let writer: LogWriter

    /// - Parameter sample: the part of the requests without a problem that is logged.
    package init(format: LogFormat, level: LogLevel, sample: Double = 1, writer: LogWriter) {
        self.format = format
        self.level = level
        sampler = Sampler(rate: sample)
        self.writer = writer
    }

    package func error(_ message: String) { write(.error, message) }
    package func warning(_ message: String) { write(.warning, message) }
    package func info(_ message: String) { write(.info, message) }

    package func flush() { writer.flush() }

    /// Lines that nobody will read: the log was too slow, or full.
    var lostLineCount: Int { writer.lostLineCount }

    private func write(_ level: LogLevel, _ message: String) {
        guard level <= self.level else { return }
        writer.write { room in LogLine(level, message, format: format, in: &room).finish(into: &room) }
    }

    /// The line of a finished request; probes are only logged at `debug`.
    func request(_ record: RequestRecord, _ outcome: RequestRecord.Outcome, total: UInt64) {
        let level: LogLevel = outcome.status == 500 ? .error : record.route?.access == .probe ? .debug : .info
        guard level <= self.level, outcome.code != nil || sampler.takesNext() else { return }
        writer.write { room in
            var line = LogLine(level, "request", format: format, in: &room)
            Self.add(record, outcome, total, to: &line)
            line.finish(into: &room)
        }
    }

    private static func add(
        _ record: RequestRecord, _ outcome: RequestRecord.Outcome, _ total: UInt64, to line: inout LogLine
    ) {
        line.add("request_id", plain: record.id)
        line.add("method", plain: record.method)
        line.add("route", plain: record.routeLabel)
        line.add("status", outcome.status)
        if let code = outcome.code { line.add("code", plain: code.rawValue) }
        if let labels = outcome.labels {
            line.add("op", plain: labels.operation)
            line.add("region", plain: labels.region)
            line.add("kernel", plain: labels.kernel)
        }
        if let shape = outcome.shape { line.add("shape", shape: shape) }
        line.add("bytes_in", outcome.requestByteCount)
        line.add("bytes_out", outcome.responseByteCount)
        addTimings(outcome.timings, total, to: &line)
        if let peer = record.peer { line.add("peer", plain: peer) }
        if let trace = record.headers.trace {
            line.add("trace_id", plain: trace.traceID)
            line.add("parent_id", plain: trace.parentID)
        }
    }

    private static func addTimings(_ timings: Timings, _ total: UInt64, to line: inout LogLine) {
        line.add("parse_ms", milliseconds: timings.parse)
        line.add("queue_ms", milliseconds: timings.queue)
        line.add("compute_ms", milliseconds: timings.compute)
        line.add("serialize_ms", milliseconds: timings.serialize)
        line.add("total_ms", milliseconds: total)
    }
}
