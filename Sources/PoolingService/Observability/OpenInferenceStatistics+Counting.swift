import PoolingEngine
import PoolingWire

extension OpenInferenceStatistics {
    /// Counts a request to this model that is over.
    ///
    /// - Parameter now: milliseconds since 1970.
    mutating func count(_ outcome: RequestRecord.Outcome, duration: UInt64, now: Int) {
        lastInferenceMilliseconds = max(lastInferenceMilliseconds, now)
        guard outcome.status == 200 else {
            fail.observe(duration)
            return
        }
        success.observe(duration)
        queue.observe(outcome.timings.queue)
        parse.observe(outcome.timings.parse)
        compute.observe(outcome.timings.compute)
        serialize.observe(outcome.timings.serialize)
    }

    mutating func add(_ other: OpenInferenceStatistics) {
        lastInferenceMilliseconds = max(lastInferenceMilliseconds, other.lastInferenceMilliseconds)
        success.add(other.success)
        fail.add(other.fail)
        queue.add(other.queue)
        parse.add(other.parse)
        compute.add(other.compute)
        serialize.add(other.serialize)
    }
}

extension OpenInferenceStatistics.Duration {
    fileprivate mutating func observe(_ nanoseconds: UInt64) {
        add(Self(count: 1, nanoseconds: Int(clamping: nanoseconds)))
    }

    fileprivate mutating func add(_ other: Self) {
        count &+= other.count
        nanoseconds &+= other.nanoseconds
    }
}
