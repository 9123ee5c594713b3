import PoolingEngine
import PoolingWire

/// What one shard has counted.
struct MetricsShard: Sendable {
    struct Series: Hashable, Sendable {
        let route: String
        let method: String
        let status: Int
    }

    struct Work: Hashable, Sendable {
        let operation: String
        let region: String
    }

    var durations: [Series: Histogram] = [:]
    var work: [Work: UInt64] = [:]
    /// Time in kernels, by op.
    var compute: [String: Histogram] = [:]
    var rejections: [ProblemCode: UInt64] = [:]
    var inferences: [PoolingRequest.Endpoint: OpenInferenceStatistics] = [:]
    /// Work that was given up before it was done.
    var stops: [WorkStop.Cause: UInt64] = [:]
    var wait = Histogram()
    var requestByteCount: UInt64 = 0
    var responseByteCount: UInt64 = 0

    mutating func count(_ record: RequestRecord, _ outcome: RequestRecord.Outcome, duration: UInt64) {
        let series = Series(route: record.routeLabel, method: record.method, status: outcome.status)
        durations[series, default: Histogram()].observe(duration)
        if let labels = outcome.labels {
            work[Work(operation: labels.operation, region: labels.region), default: 0] += 1
            if outcome.code == nil {
                compute[labels.operation, default: Histogram()].observe(outcome.timings.compute)
            }
        }
        if let model = outcome.model {
            inferences[model, default: OpenInferenceStatistics(model: model)]
                .count(outcome, duration: duration, now: Timestamp.milliseconds)
        }
        if let code = outcome.code { rejections[code, default: 0] += 1 }
        requestByteCount += UInt64(outcome.requestByteCount)
        responseByteCount += UInt64(outcome.responseByteCount)
    }

    mutating func count(_ tally: WorkTally) {
        for row in tally.rows {
            work[row.work, default: 0] += row.count
            compute[row.work.operation, default: Histogram()].add(row.compute)
        }
        for (code, count) in tally.rejections { rejections[code, default: 0] += count }
    }

    func statistics(of model: PoolingRequest.Endpoint) -> OpenInferenceStatistics {
        inferences[model] ?? OpenInferenceStatistics(model: model)
    }

    mutating func add(_ other: MetricsShard) {
        durations.merge(other.durations, uniquingKeysWith: +)
        compute.merge(other.compute, uniquingKeysWith: +)
        work.merge(other.work, uniquingKeysWith: +)
        rejections.merge(other.rejections, uniquingKeysWith: +)
        stops.merge(other.stops, uniquingKeysWith: +)
        for (model, statistics) in other.inferences {
            inferences[model, default: OpenInferenceStatistics(model: model)].add(statistics)
        }
        wait.add(other.wait)
        requestByteCount += other.requestByteCount
        responseByteCount += other.responseByteCount
    }
}
