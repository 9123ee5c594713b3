import Dispatch
import Glibc
import Synchronization

/// Writes log lines from a thread of its own, so that a slow terminal or a full disk holds nobody up.
///
/// Lines that do not fit into the buffer are dropped; a write that fails, as on a full disk, loses its lines. Both are
/// counted.
package final class LogWriter: Sendable {
    private struct Buffer {
        var bytes: [UInt8] = []
        var droppedLines = 0
        var isFlushScheduled = false
    }

    private static let capacity = 1 << 20
    /// Lines are gathered this long, so that a busy service wakes the writer a few dozen times a second and not for
    /// every request.
    private static let gathering = DispatchTimeInterval.milliseconds(20)
    private let descriptor: Int32
    private let buffer = Mutex(Buffer())
    /// Lines while they are composed, so that the buffer is held for a copy only.
    private let drafts = ThreadShards([UInt8]())
    private let queue = DispatchQueue(label: "pooling.log")
    private let lost = Atomic(0)

    package init(descriptor: Int32) { self.descriptor = descriptor }

    var lostLineCount: Int { lost.load(ordering: .relaxed) }

    /// Writes the line that `compose` makes of nothing.
    func write(_ compose: (inout [UInt8]) -> Void) {
        let needsFlush = drafts.withOwn { line in
            line.removeAll(keepingCapacity: true)
            compose(&line)
            return take(line)
        }
        if needsFlush { queue.asyncAfter(deadline: .now() + Self.gathering) { self.drain() } }
    }

    /// - Returns: whether nobody has been asked to write it yet.
    private func take(_ line: [UInt8]) -> Bool {
        buffer.withLock { buffer in
            guard buffer.bytes.count + line.count <= Self.capacity else {
                buffer.droppedLines += 1
                lost.add(1, ordering: .relaxed)
                return false
            }
            buffer.bytes.append(contentsOf: line)
            defer { buffer.isFlushScheduled = true }
            return !buffer.isFlushScheduled
        }
    }

    /// Returns when every line that was written before has left, or was lost.
    package func flush() {
        queue.sync { drain() }
    }

    private func drain() {
        let (bytes, droppedLines) = buffer.withLock { buffer in
            defer { buffer = Buffer() }
            return (buffer.bytes, buffer.droppedLines)
        }
        send(bytes)
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
