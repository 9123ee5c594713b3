package import RecycledMemory
import Synchronization

/// A request whose body is complete, on its way between the connection's thread and whoever works on it.
package final class HTTPRequest: Sendable {
    private enum Stage: Sendable {
        /// `respond` has not returned yet, or returned a response.
        case working
        case suspended(resume: @Sendable () -> Void)
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

    /// - Parameter socket: the descriptor at whose other end the client is; nil where the client never leaves.
    package init(head: HTTPRequestHead, body: Bytes, context: any HTTPContext, socket: Int32?) {
        self.head = head
        self.body = Mutex(body)
        self.context = context
        self.socket = socket.map(PeerSocket.init)
    }

    /// Hands the body over, so that it lives no longer than it is used; afterwards it is empty.
    package func takeBody() -> Bytes { body.withLock { $0.take() } ?? Bytes() }

    /// Gives the response to a request for which `respond` returned ``HTTPResponseDecision/later``.
    ///
    /// May come before `respond` has returned, and from any thread. The first call counts; a later one is ignored.
    package func finish(_ response: HTTPResponse) {
        let resume = stage.withLock { stage -> (@Sendable () -> Void)? in
            switch stage {
            case .working:
                stage = .finished(response)
                return nil
            case .suspended(let resume):
                stage = .finished(response)
                return resume
            case .finished, .ended:
                return nil
            }
        }
        resume?()
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
    /// - Parameters:
    ///   - suspend: sets it aside.
    ///   - resume: goes on with it when the response has come, on the thread that gives it; then ``end()`` has it.
    /// - Returns: the response where it has come; then the connection has not been set aside.
    package func suspend(
        _ suspend: () -> Void = {}, resume: @escaping @Sendable () -> Void
    ) -> HTTPResponse? {
        stage.withLock { stage in
            if case .finished(let response) = stage {
                stage = .ended
                return response
            }
            suspend()
            stage = .suspended(resume: resume)
            return nil
        }
    }

    /// The response, once; from then on the request is over.
    package func end() -> HTTPResponse? {
        stage.withLock { stage in
            defer { stage = .ended }
            guard case .finished(let response) = stage else { return nil }
            return response
        }
    }
}
