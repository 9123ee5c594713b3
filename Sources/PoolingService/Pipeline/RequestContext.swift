/// What ``Service/decide(_:)`` found out, handed on with the request.
struct RequestContext: Sendable {
    enum Decision: Sendable {
        case serve(Route.Action)
        /// The body is read and thrown away, so that the connection stays usable, then this is answered.
        case refuse(Failure)
        case preflight
    }

    let record: RequestRecord
    let deadline: Deadline
    let decision: Decision
}
