import Glibc

/// The descriptor of a connection's socket, for looking and cutting only.
struct PeerSocket: Sendable {
    let descriptor: Int32

    /// Whether the connection is broken in both directions, even where bytes of the peer are still unread.
    var isReset: Bool { hasEvent(among: Int16(POLLERR | POLLHUP | POLLNVAL)) }

    /// Whether the peer sends no more, even where bytes of it are still unread.
    var hasPeerClosed: Bool { hasEvent(among: Self.peerClosed | Int16(POLLERR | POLLHUP | POLLNVAL)) }

    private func hasEvent(among events: Int16) -> Bool {
        var entry = pollfd(fd: descriptor, events: Self.peerClosed, revents: 0)
        return poll(&entry, 1, 0) > 0 && entry.revents & events != 0
    }

    /// `POLLRDHUP`, which the C library only shows with `_GNU_SOURCE`.
    private static let peerClosed: Int16 = 0x2000

    /// Whether nothing more can be read, now or later.
    var isExhausted: Bool { hasPeerClosed && !hasUnreadBytes }

    /// Whether bytes wait that nobody has read.
    var hasUnreadBytes: Bool {
        var byte: UInt8 = 0
        return recv(descriptor, &byte, 1, Int32(MSG_PEEK) | Int32(MSG_DONTWAIT)) > 0
    }

    /// Sends what the kernel takes at once.
    func sendNow(_ bytes: [UInt8]) {
        _ = send(descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL) | Int32(MSG_DONTWAIT))
    }

    func shutDown() { _ = shutdown(descriptor, Int32(SHUT_RDWR)) }
}
