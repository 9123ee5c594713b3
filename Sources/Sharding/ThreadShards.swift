import Glibc
import Synchronization

/// A few of the same thing, each behind a lock of its own, so that threads seldom meet.
///
/// What every request locks must not be one for all threads: where more threads than processors wait for a lock, each
/// hand-over takes two switches of threads.
package final class ThreadShards<Content: Sendable>: Sendable {
    private final class Shard: Sendable {
        let content: Mutex<Content>
        init(_ content: Content) { self.content = Mutex(content) }
    }

    /// A power of two; more than there are connection threads, mostly.
    private static var count: Int { 16 }
    private let shards: [Shard]

    package init(_ content: Content) {
        shards = (0..<Self.count).map { _ in Shard(content) }
    }

    /// Always the same one for the same thread; the low bits of a thread's address are alike for all.
    package func withOwn<Result: Sendable>(_ body: (inout Content) -> Result) -> Result {
        shards[Int(truncatingIfNeeded: UInt(pthread_self()) >> 12) & (Self.count - 1)].content.withLock { body(&$0) }
    }

    /// Puts `content` into each of them.
    ///
    /// - Returns: what was in them.
    package func exchange(_ content: Content) -> [Content] {
        shards.map { $0.content.withLock { Swift.exchange(&$0, with: content) } }
    }

    /// What is in them, one after the other.
    package var contents: [Content] { shards.map { $0.content.withLock { $0 } } }
}
