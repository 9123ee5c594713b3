import Glibc
import Synchronization

/// Accepts connections on a thread of its own and spreads them over the loops.
///
/// libmicrohttpd's own accepting stops at its limit and leaves clients hanging; here one connection too many gets a 503.
final class Acceptor: Sendable {
    private let wake: WakeSignal
    private let thread: ServiceThread

    init(
        _ listener: ListeningSocket, loops: LoopGroup, maxConnections: Int, maxConnectionsPerPeer: Int?
    ) throws(HTTPServer.StartError) {
        let wake = try WakeSignal()
        self.wake = wake
        thread = try ServiceThread {
            var line = AcceptLine(listener, loops: loops, most: maxConnections, mostPerPeer: maxConnectionsPerPeer)
            line.run(until: wake)
        }
    }

    /// Takes what waits in the backlog, then closes the listening socket.
    ///
    /// Harmless the second time.
    func stop() {
        wake.raise()
        thread.join()
    }
}

/// The acceptor thread's own state.
private struct AcceptLine: ~Copyable {
    private let listener: ListeningSocket
    private let loops: LoopGroup
    private let most: Int
    private let mostPerPeer: Int?
    private var farewells = Farewells()

    init(_ listener: ListeningSocket, loops: LoopGroup, most: Int, mostPerPeer: Int?) {
        self.listener = listener
        self.loops = loops
        self.most = most
        self.mostPerPeer = mostPerPeer
    }

    mutating func run(until wake: WakeSignal) {
        var entries = [wake.pollEntry, pollfd(fd: listener.descriptor, events: Int16(POLLIN), revents: 0)]
        while entries[0].revents == 0 {
            // A short timeout only while somebody is being seen off, or while descriptors are short.
            let ready = poll(&entries, 2, farewells.isEmpty ? -1 : 50)
            if ready > 0, !acceptAll() { _ = poll(&entries, 1, 20) }
            farewells.advance()
        }
        _ = acceptAll()
        listener.closeAndRemove()
        farewells.closeAll()
    }

    /// - Returns: false where descriptors or memory are short.
    private mutating func acceptAll() -> Bool {
        while true {
            var storage = sockaddr_storage()
            var size = socklen_t(MemoryLayout<sockaddr_storage>.size)
            let accepted = withUnsafeMutablePointer(to: &storage) { storage in
                let address = UnsafeMutableRawPointer(storage).assumingMemoryBound(to: sockaddr.self)
                let descriptor = accept(listener.descriptor, address, &size)
                guard descriptor >= 0 else { return descriptor }
                _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
                place(descriptor, address, size)
                return descriptor
            }
            if accepted < 0, errno != EINTR, errno != ECONNABORTED { return errno == EAGAIN }
        }
    }

    private mutating func place(_ descriptor: Int32, _ address: UnsafePointer<sockaddr>, _ size: socklen_t) {
        guard loops.connectionCount < most, hasRoom(forPeerAt: address), let loop = loops.withRoom() else {
            return refuse(descriptor)
        }
        loops.server.counters.accepted.add(1, ordering: .relaxed)
        loop.add(descriptor, address: address, length: size)
    }

    private func hasRoom(forPeerAt address: UnsafePointer<sockaddr>) -> Bool {
        guard let mostPerPeer else { return true }
        let peer = PeerAddress.text(of: address)
        return peer.isEmpty || loops.connectionCount(of: peer) < mostPerPeer
    }

    private mutating func refuse(_ descriptor: Int32) {
        loops.server.counters.refused.add(1, ordering: .relaxed)
        guard loops.server.identity == nil else {
            close(descriptor)
            return
        }
        PeerSocket(descriptor: descriptor).sendNow(RawResponse.bytes(of: loops.server.unavailable()))
        shutdown(descriptor, Int32(SHUT_WR))
        farewells.add(descriptor)
    }
}

/// Refused connections that may still be sending: closing them at once could take the answer away from the client.
private struct Farewells: ~Copyable {
    private static let most = 64
    private static let patience: UInt64 = 500
    private var waiting: [(descriptor: Int32, until: UInt64)] = []

    var isEmpty: Bool { waiting.isEmpty }

    mutating func add(_ descriptor: Int32) {
        if waiting.count == Self.most { close(waiting.removeFirst().descriptor) }
        waiting.append((descriptor, Ticks.now.milliseconds + Self.patience))
    }

    /// Drops what has come in; closes where the client has closed or patience is over.
    mutating func advance() {
        let now = Ticks.now.milliseconds
        waiting.removeAll { descriptor, until in
            guard Self.isOver(descriptor) || until <= now else { return false }
            close(descriptor)
            return true
        }
    }

    mutating func closeAll() {
        for (descriptor, _) in waiting { close(descriptor) }
        waiting = []
    }

    private static func isOver(_ descriptor: Int32) -> Bool {
        withUnsafeTemporaryAllocation(byteCount: 4096, alignment: 1) { buffer in
            var received = recv(descriptor, buffer.baseAddress, buffer.count, Int32(MSG_DONTWAIT))
            while received > 0 {
                received = recv(descriptor, buffer.baseAddress, buffer.count, Int32(MSG_DONTWAIT))
            }
            return received == 0 || errno != EAGAIN
        }
    }
}
