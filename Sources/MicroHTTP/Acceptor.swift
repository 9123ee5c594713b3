internal import CMicroHTTPD
import Glibc
import Synchronization

/// Accepts connections on a thread of its own and spreads them over the loops.
///
/// libmicrohttpd's own accepting stops at its limit and leaves clients hanging; here one connection too many gets a 503.
final class Acceptor: Sendable {
    private let wake: WakeSignal
    private let thread: ServiceThread

    init(
        _ listener: ListeningSocket, loops: LoopGroup, maxConnections: Int, replacesIdle: Bool
    ) throws(HTTPServer.StartError) {
        let wake = try WakeSignal()
        self.wake = wake
        thread = try ServiceThread {
            let line = AcceptLine(listener: listener, loops: loops, most: maxConnections, replacesIdle: replacesIdle)
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

/// What the acceptor thread does.
private struct AcceptLine {
    let listener: ListeningSocket
    let loops: LoopGroup
    let most: Int
    let replacesIdle: Bool

    func run(until wake: WakeSignal) {
        var entries = [wake.pollEntry, pollfd(fd: listener.descriptor, events: Int16(POLLIN), revents: 0)]
        while entries[0].revents == 0 {
            let ready = poll(&entries, 2, -1)
            if ready > 0, !acceptAll() { _ = poll(&entries, 1, 20) }
        }
        _ = acceptAll()
        listener.closeAndRemove()
    }

    /// - Returns: false where descriptors or memory are short.
    private func acceptAll() -> Bool {
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

    private func place(_ descriptor: Int32, _ address: UnsafePointer<sockaddr>, _ size: socklen_t) {
        let peer = loops.server.peers.map { (counts: $0, name: PeerAddress.text(of: address)) }
        guard peer.map({ $0.counts.admit($0.name) }) ?? true else { return reject(descriptor) }
        guard hasRoom(), let loop = loops.withRoom() else {
            peer.map { $0.counts.release($0.name) }
            return reject(descriptor)
        }
        loops.server.counters.accepted.add(1, ordering: .relaxed)
        if !loop.add(descriptor, address: address, length: size) { peer.map { $0.counts.release($0.name) } }
    }

    private func hasRoom() -> Bool {
        if loops.connectionCount < most { return true }
        guard replacesIdle else { return false }
        for _ in 0..<Self.looks {
            let isSettling = loops.isSettling
            if loops.closeLongestWaiting() || loops.connectionCount < most { return true }
            guard isSettling else { return false }
            usleep(Self.microsecondsBetweenLooks)
        }
        return false
    }

    private static let looks = 20
    private static let microsecondsBetweenLooks: useconds_t = 5000

    private func reject(_ descriptor: Int32) {
        loops.server.counters.rejected.add(1, ordering: .relaxed)
        guard loops.server.identity == nil else {
            close(descriptor)
            return
        }
        PeerSocket(descriptor: descriptor).sendNow(RawResponse.bytes(of: loops.server.unavailable()))
        loops.server.lingering.add(descriptor)
    }
}
