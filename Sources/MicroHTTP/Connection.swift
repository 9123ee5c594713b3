internal import CMicroHTTPD
internal import CMicroHTTPDSupport
import Glibc
import Synchronization

/// One client connection and the request that it is in the middle of.
final class Connection: @unchecked Sendable {
    // @unchecked Sendable because `request` and `target` belong to the loop's thread; others use the clock, which is
    // atomic, the suspended request, which is locked, and the socket, under the loop's lock that closing takes too.

    /// Bodies up to this size are read and dropped so that a rejected request keeps its connection.
    static let droppedBodyLimit = 16 * 1024
    /// Larger responses are watched while they are read; smaller ones may take the time of their bytes.
    private static let unmeasuredResponseLimit = 256 * 1024

    let handle: OpaquePointer
    let loop: ConnectionLoop
    let socket: PeerSocket
    let peer: String
    let clock: PhaseClock
    // The loop's thread alone touches these, and a tenth of a small request's time went into proving it.
    @exclusivity(unchecked) var request: Request?
    @exclusivity(unchecked) private(set) var target: [UInt8] = []
    @exclusivity(unchecked) private var isTrusted: Bool
    private let suspended = Mutex<HTTPRequest?>(nil)
    /// Whether the client may still be sending when the connection closes.
    @exclusivity(unchecked) var lingers = false
    /// The loop's thread has seen a request's first line and not its whole head.
    @exclusivity(unchecked) private(set) var isHeadArriving = false
    /// The state in which the reaper has found the client gone; only the reaper uses it.
    @exclusivity(unchecked) private var goneIn: PhaseClock.State?
    /// What the client had acknowledged when its response was last looked at; -1 where that is not measured.
    private let acknowledged = Atomic<Int64>(-1)

    init(_ handle: OpaquePointer, loop: ConnectionLoop) {
        self.handle = handle
        self.loop = loop
        socket = PeerSocket(descriptor: cmhd_connection_socket(handle))
        peer = cmhd_connection_address(handle).map { PeerAddress.text(of: $0) } ?? ""
        clock = PhaseClock(.head, milliseconds: loop.server.limits.head)
        isTrusted = loop.server.identity?.clientAuthorities == nil
    }

    var server: ServerContext { loop.server }
    var isHeadPending: Bool { request == nil }
    var suspendedRequest: HTTPRequest? { suspended.withLock { $0 } }

    /// Whether a request has begun to arrive that no handler has seen.
    var hasRequestWaiting: Bool {
        switch clock.phase {
        case .idle, .head: socket.hasUnreadBytes
        case .body, .work, .response, .expired: false
        }
    }

    func startHead(target: UnsafePointer<CChar>?) {
        self.target.removeAll(keepingCapacity: true)
        if let target { self.target.append(contentsOf: UnsafeRawBufferPointer(start: target, count: strlen(target))) }
        isHeadArriving = true
        _ = clock.enter(.head, milliseconds: server.limits.head)
    }

    func endHead() { isHeadArriving = false }

    /// Whether the client has proved who it is, where it must.
    ///
    /// Looked at once a connection.
    func isPeerTrusted() -> Bool {
        if !isTrusted { isTrusted = cmhd_tls_peer_is_trusted(handle) }
        return isTrusted
    }

    /// Whether the client has gone before its request was complete: looked at twice in the same state, because what has
    /// been read from the socket may not have been handled yet.
    ///
    /// libmicrohttpd does not notice where the end came together with data.
    func isGivenUp() -> Bool {
        let state = clock.state
        guard state.phase == .head || state.phase == .body, socket.isExhausted else {
            goneIn = nil
            return false
        }
        defer { goneIn = state }
        return goneIn == state && clock.end(ifStill: state)
    }

    /// Ends the clock where its time is up.
    func expire(at now: Ticks) -> ConnectionPhase? {
        let state = clock.state
        guard state.deadline <= now else { return nil }
        if state.phase == .response, extendResponse(at: now) { return nil }
        return clock.expire(at: now)
    }

    /// Starts the clock of a response of so many bytes.
    func startResponse(of byteCount: Int) -> Bool {
        let limits = server.limits
        let start = byteCount > Self.unmeasuredResponseLimit ? cmhd_acknowledged_bytes(socket.descriptor) : -1
        acknowledged.store(start, ordering: .relaxed)
        let deadline = start < 0 ? limits.transfer(of: byteCount, base: limits.response) : limits.response
        return clock.enter(.response, milliseconds: deadline)
    }

    /// Moves the deadline on by what the client has read since the last look.
    private func extendResponse(at now: Ticks) -> Bool {
        let before = acknowledged.load(ordering: .relaxed)
        guard before >= 0 else { return false }
        let current = cmhd_acknowledged_bytes(socket.descriptor)
        guard current > before else { return false }
        acknowledged.store(current, ordering: .relaxed)
        let earned = server.limits.time(for: Int(current - before))
        return clock.extend(.response, milliseconds: earned, most: server.limits.response) && clock.state.deadline > now
    }

    /// Ends a connection from another thread, where it is still in this state.
    func cutOff(ifStill state: PhaseClock.State) -> Bool {
        loop.withOpen(self) {
            guard clock.end(ifStill: state) else { return false }
            socket.shutDown()
            return true
        }
    }

    /// Ends the connection from another thread.
    func cutOff(during phase: ConnectionPhase) {
        if phase == .body, server.identity == nil {
            let response = server.application.response(
                to: HTTPRejection(status: 408, detail: "the request body arrives too slowly"), context: nil)
            socket.sendNow(RawResponse.bytes(of: response))
        }
        socket.shutDown()
    }

    /// The request that is complete and waits in its loop's batch.
    var batchedRequest: HTTPRequest? {
        guard case .batched(let complete) = request?.step else { return nil }
        return complete
    }

    func takeDecision(_ decision: HTTPResponseDecision, on complete: HTTPRequest) {
        request?.step = .decided(decision, complete)
    }

    /// Sets the request aside until it is finished.
    ///
    /// - Returns: the response where it must or can be given at once.
    func suspend(_ complete: HTTPRequest) -> HTTPResponse? {
        loop.suspendedRequests.add(1, ordering: .sequentiallyConsistent)
        guard server.maySuspend.load(ordering: .sequentiallyConsistent) else {
            loop.suspendedRequests.subtract(1, ordering: .sequentiallyConsistent)
            return complete.end() ?? server.unavailable(request?.context)
        }
        suspended.withLock { $0 = complete }
        // A suspended connection is not freed until it is resumed, and it may be resumed from any thread.
        nonisolated(unsafe) let handle = handle
        let response = complete.suspend({ MHD_suspend_connection(handle) }, resume: { MHD_resume_connection(handle) })
        guard let response else { return nil }
        resume()
        return response
    }

    func resume() {
        suspended.withLock { $0 = nil }
        loop.suspendedRequests.subtract(1, ordering: .sequentiallyConsistent)
    }

    /// The connection's last moment; its descriptor closes right after.
    func close() {
        endRequest(isSent: false)
        if lingers { server.lingering.add(dup(socket.descriptor)) }
        loop.closed(self)
    }
}
