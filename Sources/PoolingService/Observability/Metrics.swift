import Glibc
import Synchronization

/// Counts what happens, in a few shards so that threads seldom meet.
///
/// Every label comes from a table of ours (routes, statuses, the catalogue), never from a client.
package final class Metrics: Sendable {
    private final class Shard: Sendable {
        let content = Mutex(MetricsShard())
    }

    private let shards = (0..<8).map { _ in Shard() }
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
        shard.content.withLock { $0.count(record, outcome, duration: duration) }
    }

    /// Counts a request that the HTTP layer turned away by itself.
    func refused(_ problem: Problem) {
        shard.content.withLock { $0.refusals[problem.code, default: 0] += 1 }
    }

    /// Counts the time that a job stood in line.
    func observeWait(_ nanoseconds: UInt64) {
        shard.content.withLock { $0.wait.observe(nanoseconds) }
    }

    /// Everything that was counted so far.
    func total() -> MetricsShard {
        shards.reduce(into: MetricsShard()) { total, shard in total.add(shard.content.withLock { $0 }) }
    }

    /// The same one for the same thread; the low bits of a thread's address are alike for all.
    private var shard: Shard { shards[Int(truncatingIfNeeded: UInt(pthread_self()) >> 12) & 7] }
}
