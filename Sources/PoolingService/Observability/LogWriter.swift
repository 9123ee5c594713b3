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
    private let queue = DispatchQueue(label: "pooling.log")
    private let lost = Atomic(0)

    package init(descriptor: Int32) { self.descriptor = descriptor }

    var lostLineCount: Int { lost.load(ordering: .relaxed) }

    /// Writes what `compose` appends to the lines before it.
    func write(_ compose: (inout [UInt8]) -> Void) {
        let needsFlush = buffer.withLock { buffer in
            let start = buffer.bytes.count
            compose(&buffer.bytes)
            guard buffer.bytes.count <= Self.capacity else {
                buffer.bytes.removeSubrange(start...)
                buffer.droppedLines += 1
                lost.add(1, ordering: .relaxed)
                return false
            }
            defer { buffer.isFlushScheduled = true }
            return !buffer.isFlushScheduled
        }
        if needsFlush { queue.asyncAfter(deadline: .now() + Self.gathering) { self.drain() } }
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
