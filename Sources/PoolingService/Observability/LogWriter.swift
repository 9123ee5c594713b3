import Dispatch
import Glibc
import Sharding
import Synchronization

/// Writes log lines from a thread of its own, so that a slow terminal or a full disk holds nobody up.
///
/// Threads that log do not wait for each other either: the lines of one thread stay in order, those of two threads may
/// change places within the time that lines are gathered. Lines that do not fit into the buffer are dropped; a write that
/// fails, as on a full disk, loses its lines. Both are counted.
package final class LogWriter: Sendable {
    private struct Pending {
        var bytes: [UInt8] = []
        var droppedLines = 0
    }

    private static let capacity = 1 << 20
    /// Lines are gathered this long, so that a busy service wakes the writer a few dozen times a second and not for
    /// every request.
    private static let gathering = DispatchTimeInterval.milliseconds(20)
    private let descriptor: Int32
    private let pending = ThreadShards(Pending())
    private let isFlushScheduled = Atomic(false)
    private let queue = DispatchQueue(label: "pooling.log")
    private let lost = Atomic(0)

    package init(descriptor: Int32) { self.descriptor = descriptor }

    var lostLineCount: Int { lost.load(ordering: .relaxed) }

    /// Writes the line that `compose` appends.
    func write(_ compose: (inout [UInt8]) -> Void) {
        pending.withOwn { pending in
            if pending.bytes.count < Self.capacity { return compose(&pending.bytes) }
            pending.droppedLines += 1
            lost.add(1, ordering: .relaxed)
        }
        // A flush that has missed the line has cleared the flag before it let go of the line's shard.
        guard !isFlushScheduled.load(ordering: .relaxed), !isFlushScheduled.exchange(true, ordering: .relaxed) else {
            return
        }
        queue.asyncAfter(deadline: .now() + Self.gathering) { self.drain() }
    }

    /// Returns when every line that was written before has left, or was lost.
    package func flush() {
        queue.sync { drain() }
    }

    private func drain() {
        // First, so that lines which come from now on have a flush of their own.
        isFlushScheduled.store(false, ordering: .relaxed)
        let drained = pending.exchange(Pending())
        for part in drained { send(part.bytes) }
        let droppedLines = drained.reduce(0) { $0 + $1.droppedLines }
        if droppedLines > 0 {
            send(Array("\(droppedLines) log lines were dropped: the log is not read fast enough\n".utf8))
        }
    }

    private func send(_ bytes: [UInt8]) {
        var start = 0
        while start < bytes.count {
            let written = bytes[start...].withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            guard written > 0 else {
                if errno == EINTR { continue }
                let newline = UInt8(ascii: "\n")
                lost.add(bytes[start...].count { $0 == newline }, ordering: .relaxed)
                return
            }
            start += written
        }
    }
}
