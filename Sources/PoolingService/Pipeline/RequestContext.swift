/// What ``Service/decide(_:)`` found out, handed on with the request.
struct RequestContext: Sendable {
    let record: RequestRecord
    let deadline: Deadline
    /// nil where the request is answered already.
    let action: Route.Action?
}
