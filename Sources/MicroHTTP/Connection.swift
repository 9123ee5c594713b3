internal import CMicroHTTPD
internal import CMicroHTTPDSupport
import Glibc
import Synchronization

/// One client connection and the request that it is in the middle of.
final class Connection: @unchecked Sendable {
    // @unchecked Sendable because `request` and `target` belong to the loop's thread; others use the clock, which is
    // atomic, the parked exchange, which is locked, and the socket, under the loop's lock that closing takes too.

    /// Bodies up to this size are read and dropped so that a refused request keeps its connection.
    static let droppedBodyLimit = 16 * 1024
    /// How much of a chunked body over its limit is read and dropped before the connection is given up.
    static let droppedExcessLimit = 1024 * 1024

    let handle: OpaquePointer
    let loop: ConnectionLoop
    let socket: PeerSocket
    let peer: String
    let clock: PhaseClock
    // The loop's thread alone touches these, and a tenth of a small request's time went into proving it.
    @exclusivity(unchecked) var request: Request?
    @exclusivity(unchecked) private(set) var target: [UInt8] = []
    @exclusivity(unchecked) private var isTrusted: Bool
    private let parked = Mutex<HTTPExchange?>(nil)

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
    var parkedExchange: HTTPExchange? { parked.withLock { $0 } }

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
        _ = clock.enter(.head, milliseconds: server.limits.head)
    }

    /// Whether the client has proved who it is, where it must.
    ///
    /// Looked at once a connection.
    func isPeerTrusted() -> Bool {
        if !isTrusted { isTrusted = cmhd_tls_peer_is_trusted(handle) }
        return isTrusted
    }

    /// Ends the connection from another thread.
    func cutOff(during phase: ConnectionPhase) {
        if phase == .body, server.identity == nil {
            let response = server.application.malformed(status: 408, detail: "the request's body took too long")
            socket.sendNow(RawResponse.bytes(of: response))
        }
        socket.shutDown()
    }

    /// The request that is complete and waits for the reply of its loop's round.
    var gatheredRequest: HTTPRequest? {
        guard case .gathered(let complete) = request?.step else { return nil }
        return complete
    }

    func reply(_ reply: HTTPReply, on exchange: HTTPExchange) { request?.step = .replied(reply, exchange) }

    /// Sets the request aside until the exchange is finished.
    ///
    /// - Returns: the answer where it must or can be given at once.
    func park(_ exchange: HTTPExchange) -> HTTPResponse? {
        loop.parkedRequests.add(1, ordering: .sequentiallyConsistent)
        guard !server.refusesToPark.load(ordering: .sequentiallyConsistent) else {
            loop.parkedRequests.subtract(1, ordering: .sequentiallyConsistent)
            return exchange.end() ?? server.unavailable()
        }
        parked.withLock { $0 = exchange }
        guard let response = exchange.park(ParkedConnection(handle)) else { return nil }
        unpark()
        return response
    }

    func unpark() {
        parked.withLock { $0 = nil }
        loop.parkedRequests.subtract(1, ordering: .sequentiallyConsistent)
    }

    /// The connection's last moment; its descriptor closes right after.
    func close() {
        endRequest(isSent: false)
        loop.closed(self)
    }
}
