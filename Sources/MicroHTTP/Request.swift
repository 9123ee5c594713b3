import RecycledMemory

/// The request that a connection is in the middle of.
struct Request: ~Copyable {
    enum Step {
        case receiving
        /// The body, which is small, is read and dropped, then this is answered.
        case dropping(HTTPResponse)
        /// Complete, and in its loop's batch.
        case batched(HTTPRequest)
        case replied(HTTPReply, HTTPExchange)
        /// Set aside until the exchange is finished.
        case suspended(HTTPExchange)
        case answering
    }

    let head: HTTPRequestHead?
    /// What the application gave; nil where it was not asked.
    var context: (any HTTPContext)?
    /// As much of the body as has arrived.
    var body: BytesBuilder
    /// What the bytes of the body have earned.
    var progress = TransferProgress()
    var step: Step
    /// Whether an answer of ours, not of libmicrohttpd, is on its way.
    var isAnswered = false
    /// Whether the connection must close after the answer.
    let closes: Bool
}
