import Sharding
import Synchronization

/// Counters of events, in a few shards so that threads seldom meet.
///
/// Every label comes from a table of ours (routes, statuses, the catalogue), never from a client.
package final class Metrics: Sendable {
    private let shards = ThreadShards(MetricsShard())
    private let inFlight = Atomic(0)
    private let endings = Atomic(0)

    package init() {}

    var requestsInFlight: Int { inFlight.load(ordering: .relaxed) }

    /// Requests that have ended since the start.
    var endedCount: Int { endings.load(ordering: .relaxed) }

    func began() { inFlight.add(1, ordering: .relaxed) }

    func ended(_ record: RequestRecord, _ outcome: RequestRecord.Outcome, duration: UInt64) {
        inFlight.subtract(1, ordering: .relaxed)
        endings.add(1, ordering: .relaxed)
        shards.withOwn { $0.count(record, outcome, duration: duration) }
    }

    /// Counts a request that the HTTP layer turned away by itself.
    func rejected(_ problem: Problem) {
        shards.withOwn { $0.rejections[problem.code, default: 0] += 1 }
    }

    /// Counts the entries of a batch.
    func count(_ tally: WorkTally) {
        shards.withOwn { $0.count(tally) }
    }

    /// Counts work that was given up.
    func stopped(_ cause: WorkStop.Cause) {
        shards.withOwn { $0.stops[cause, default: 0] += 1 }
    }

    /// Counts the time that a job stood in line.
    func observeWait(_ nanoseconds: UInt64) {
        shards.withOwn { $0.wait.observe(nanoseconds) }
    }

    /// Everything that was counted so far.
    func total() -> MetricsShard {
        shards.contents.reduce(into: MetricsShard()) { total, shard in total.add(shard) }
    }
}
