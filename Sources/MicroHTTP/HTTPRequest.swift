package import RecycledMemory
import Synchronization

/// A request whose body is complete, on its way between the connection's thread and whoever works on it.
package final class HTTPRequest: Sendable {
    private enum Stage: Sendable {
        /// `respond` has not returned yet, or returned a response.
        case working
        case suspended(SuspendedConnection)
        case finished(HTTPResponse)
        /// The connection has taken the response, or wants none any more.
        case ended
    }

    package let head: HTTPRequestHead
    /// What ``HTTPApplication/decide(_:)`` handed over.
    package let context: any HTTPContext
    private let body: Mutex<Bytes?>
    private let stage = Mutex(Stage.working)
    private let socket: PeerSocket?
    private let onFinish: (@Sendable (HTTPResponse) -> Void)?

    /// A request without a server: for running an application by itself.
    ///
    /// - Parameter socket: the descriptor at whose other end the client is; nil where the client never leaves.
    package convenience init(
        head: HTTPRequestHead, body: Bytes, context: any HTTPContext, socket: Int32?,
        onFinish: @escaping @Sendable (HTTPResponse) -> Void
    ) {
        self.init(
            head: head, body: body, context: context, socket: socket.map(PeerSocket.init), onFinish: onFinish)
    }

    init(
        head: HTTPRequestHead, body: Bytes, context: any HTTPContext, socket: PeerSocket?,
        onFinish: (@Sendable (HTTPResponse) -> Void)? = nil
    ) {
        self.head = head
        self.body = Mutex(body)
        self.context = context
        self.socket = socket
        self.onFinish = onFinish
    }

    /// Hands the body over, so that it lives no longer than it is used; afterwards it is empty.
    package func takeBody() -> Bytes { body.withLock { $0.take() } ?? Bytes() }

    /// Gives the response to a request for which `respond` returned ``HTTPResponseDecision/later``.
    ///
    /// May come before `respond` has returned, and from any thread. The first call counts; a later one is ignored.
    package func finish(_ response: HTTPResponse) {
        onFinish?(response)
        let suspended = stage.withLock { stage -> SuspendedConnection? in
            switch stage {
            case .working:
                stage = .finished(response)
                return nil
            case .suspended(let connection):
                stage = .finished(response)
                return connection
            case .finished, .ended:
                return nil
            }
        }
        suspended?.resume()
    }

    /// Whether the client is known to have gone: a cheap look at the socket.
    ///
    /// A client that has only stopped sending still waits for its response.
    package var isAbandoned: Bool {
        stage.withLock { stage in
            switch stage {
            // Until the stage is left the connection is not closed, so the descriptor is its own.
            case .working, .suspended: socket?.isReset ?? false
            case .finished: false
            case .ended: true
            }
        }
    }

    /// Whether the client has ended its side of the connection: mostly because it is gone, but it may still read.
    package var hasHungUp: Bool {
        stage.withLock { stage in
            switch stage {
            case .working, .suspended: socket?.hasPeerClosed ?? false
            case .finished, .ended: false
            }
        }
    }

    /// Sets the connection aside, unless the response is there already.
    ///
    /// - Returns: the response where it has come; then the connection has not been set aside.
    func suspend(_ connection: SuspendedConnection) -> HTTPResponse? {
        stage.withLock { stage in
            if case .finished(let response) = stage {
                stage = .ended
                return response
            }
            connection.suspend()
            stage = .suspended(connection)
            return nil
        }
    }

    /// The response, once; from then on the request is over.
    func end() -> HTTPResponse? {
        stage.withLock { stage in
            defer { stage = .ended }
            guard case .finished(let response) = stage else { return nil }
            return response
        }
    }
}

/// Whether the response to a request comes now or later.
package enum HTTPResponseDecision: Sendable {
    case now(HTTPResponse)
    /// The connection is set aside until ``HTTPRequest/finish(_:)`` is called, from any thread.
    case later
}
