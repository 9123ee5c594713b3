import RecycledMemory

/// The request that a connection is in the middle of.
struct Request: ~Copyable {
    enum Step {
        case receiving
        /// The body, which is small, is read and dropped, then this is sent.
        case dropping(HTTPResponse)
        /// Complete, and in its loop's batch.
        case batched(HTTPRequest)
        /// The application has decided when the response comes.
        case decided(HTTPResponseDecision, HTTPRequest)
        /// Set aside until it is finished.
        case suspended(HTTPRequest)
        case responding
    }

    let head: HTTPRequestHead?
    /// What the application gave; nil where it was not asked.
    var context: (any HTTPContext)?
    /// As much of the body as has arrived.
    var body: BytesBuilder
    /// What the bytes of the body have earned.
    var progress = TransferProgress()
    var step: Step
    /// Whether a response of ours, not of libmicrohttpd, is on its way.
    var isResponseQueued = false
    /// Whether the connection must close after the response.
    let closes: Bool
}
