import Synchronization

/// One request on its way between the connection's thread and whoever works on it.
package final class HTTPExchange: Sendable {
    private enum Stage: Sendable {
        /// `respond` has not returned yet, or returned an answer.
        case working
        case suspended(SuspendedConnection)
        case finished(HTTPResponse)
        /// The connection has taken the answer, or wants none any more.
        case ended
    }

    private let stage = Mutex(Stage.working)
    private let socket: PeerSocket?
    private let onFinish: (@Sendable (HTTPResponse) -> Void)?

    /// An exchange without a connection: for running an application without a server.
    package init(onFinish: @escaping @Sendable (HTTPResponse) -> Void = { _ in }) {
        self.onFinish = onFinish
        socket = nil
    }

    init(socket: PeerSocket) {
        self.socket = socket
        onFinish = nil
    }

    /// Gives the answer to a request for which `respond` returned ``HTTPReply/later``.
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
    /// A client that has only stopped sending still waits for its answer.
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

    /// Sets the connection aside, unless the answer is there already.
    ///
    /// - Returns: the answer where it has come; then the connection has not been set aside.
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

    /// The answer, once; from then on the exchange is over.
    func end() -> HTTPResponse? {
        stage.withLock { stage in
            defer { stage = .ended }
            guard case .finished(let response) = stage else { return nil }
            return response
        }
    }
}
