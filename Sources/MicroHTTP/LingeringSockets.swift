import Glibc
import Synchronization

/// Sockets whose last response was sent while the client may still be sending.
///
/// Closing them at once would reset the connection, and the reset can take the response away from the client. So their
/// sending side is closed, and what still arrives is dropped for a while.
final class LingeringSockets: Sendable {
    private static let most = 256
    private static let patience: UInt64 = 2000
    /// What is dropped of one socket before the others have their turn.
    private static let turn = 4 << 20

    private struct Socket: Sendable {
        let descriptor: Int32
        let until: UInt64
    }

    private let sockets = Mutex<[Socket]>([])

    deinit { closeAll() }

    /// Takes a socket over; the sending side is closed here.
    ///
    /// Where there are too many, the longest kept is closed.
    func add(_ descriptor: Int32) {
        guard descriptor >= 0 else { return }
        shutdown(descriptor, Int32(SHUT_WR))
        let socket = Socket(descriptor: descriptor, until: Ticks.now.milliseconds + Self.patience)
        let surplus = sockets.withLock { sockets in
            sockets.append(socket)
            return sockets.count > Self.most ? sockets.removeFirst() : nil
        }
        if let surplus { close(surplus.descriptor) }
    }

    /// What a thread that calls ``advance(at:)`` may wait for.
    var pollEntries: [pollfd] {
        sockets.withLock { sockets in
            sockets.map { pollfd(fd: $0.descriptor, events: Int16(POLLIN), revents: 0) }
        }
    }

    /// Drops what has arrived; closes where the client has closed or patience is over.
    func advance(at now: Ticks) {
        sockets.withLock { sockets in
            sockets.removeAll { socket in
                guard Self.isOver(socket.descriptor) || socket.until <= now.milliseconds else { return false }
                close(socket.descriptor)
                return true
            }
        }
    }

    func closeAll() {
        sockets.withLock { sockets in
            for socket in sockets { close(socket.descriptor) }
            sockets = []
        }
    }

    private static func isOver(_ descriptor: Int32) -> Bool {
        withUnsafeTemporaryAllocation(byteCount: 64 << 10, alignment: 1) { buffer in
            var dropped = 0
            while dropped < turn {
                let received = recv(descriptor, buffer.baseAddress, buffer.count, Int32(MSG_DONTWAIT))
                guard received > 0 else { return received == 0 || (errno != EAGAIN && errno != EINTR) }
                dropped += received
            }
            return false
        }
    }
}
