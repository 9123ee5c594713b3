import Synchronization

/// A token bucket for each client.
///
/// The table is bounded: when it is full, clients whose bucket is full again are forgotten; if there are none, newcomers
/// share one bucket, so that an attacker with many addresses wins nothing.
package final class RateLimiter: Sendable {
    private struct Bucket {
        var tokens: Double
        var updated: MonotonicInstant
    }

    private struct Table {
        var buckets: [String: Bucket] = [:]
        var swept = MonotonicInstant(nanoseconds: 0)
    }

    private static let capacity = 16_384
    /// A sweep visits the whole table, so it must stay rare.
    private static let nanosecondsBetweenSweeps: UInt64 = 1_000_000_000
    private static let sharedClient = ""
    private let burst: Double
    private let tokensPerNanosecond: Double
    private let table = Mutex(Table())

    package init(_ limit: RateLimit) {
        burst = Double(limit.count)
        tokensPerNanosecond = Double(limit.count) / (Double(limit.seconds) * 1e9)
    }

    /// Takes a token from the client's bucket.
    ///
    /// - Returns: nil where there was one, else the whole seconds until there is one.
    package func admit(_ client: String, at now: MonotonicInstant) -> Int? {
        table.withLock { table in
            let client = hasRoom(for: client, in: &table, at: now) ? client : Self.sharedClient
            var bucket = table.buckets[client] ?? Bucket(tokens: burst, updated: now)
            bucket.tokens = tokens(in: bucket, at: now)
            bucket.updated = now
            defer { table.buckets[client] = bucket }
            guard bucket.tokens < 1 else {
                bucket.tokens -= 1
                return nil
            }
            return max(1, Int(((1 - bucket.tokens) / tokensPerNanosecond / 1e9).rounded(.up)))
        }
    }

    /// Takes tokens that may not be there yet.
    package func charge(_ client: String, _ count: Int, at now: MonotonicInstant) {
        table.withLock { table in
            let client = hasRoom(for: client, in: &table, at: now) ? client : Self.sharedClient
            var bucket = table.buckets[client] ?? Bucket(tokens: burst, updated: now)
            bucket.tokens = tokens(in: bucket, at: now) - Double(count)
            bucket.updated = now
            table.buckets[client] = bucket
        }
    }

    private func tokens(in bucket: Bucket, at now: MonotonicInstant) -> Double {
        min(burst, bucket.tokens + Double(now.since(bucket.updated)) * tokensPerNanosecond)
    }

    private func hasRoom(for client: String, in table: inout Table, at now: MonotonicInstant) -> Bool {
        if table.buckets.count < Self.capacity || table.buckets[client] != nil { return true }
        guard now.since(table.swept) >= Self.nanosecondsBetweenSweeps else { return false }
        table.swept = now
        table.buckets = table.buckets.filter { tokens(in: $0.value, at: now) < burst }
        return table.buckets.count < Self.capacity
    }
}
