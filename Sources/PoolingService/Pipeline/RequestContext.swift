/// What ``Service/decide(_:)`` found out, handed on with the request.
final class RequestContext: Sendable {
    let record: RequestRecord
    let deadline: Deadline

    init(record: RequestRecord, deadline: Deadline) {
        self.record = record
        self.deadline = deadline
    }

    /// A nearer deadline where the body asks for one.
    func deadline(shortenedTo timeoutMicroseconds: UInt64?) -> Deadline {
        guard let timeoutMicroseconds else { return deadline }
        return deadline.shortened(toMicroseconds: timeoutMicroseconds, after: record.started)
    }
}
