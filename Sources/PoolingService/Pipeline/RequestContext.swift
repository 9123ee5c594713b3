/// What ``Service/decide(_:)`` found out, handed on with the request.
struct RequestContext: Sendable {
    let record: RequestRecord
    var deadline: Deadline
    /// nil where the request is answered already.
    let action: Route.Action?

    /// With a nearer deadline where the body asks for one.
    func shortened(to timeoutMicroseconds: UInt64?) -> RequestContext {
        guard let timeoutMicroseconds else { return self }
        var context = self
        context.deadline = deadline.shortened(toMicroseconds: timeoutMicroseconds, after: record.started)
        return context
    }
}
