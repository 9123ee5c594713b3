package import RecycledMemory
import MicroHTTP
import PoolingWire
import Workers

/// The body of a request before it is read.
package struct Message: Sendable {
    package let record: RequestRecord
    let handler: any WorkHandler
    package let body: Bytes
    /// How the body is packed; nil where it is as it is.
    let coding: ContentEncoding?
    /// How many bytes reading it goes through, about.
    let readingByteCount: Int

    package var headers: RequestHeaders { record.headers }
    /// As sent; nil where the URL has none.
    package var query: String? { record.head.query }

    /// The same with a body that gives back the memory that is set aside for it as soon as nobody holds it, which may be
    /// long before the request is over; what is beyond the body is given back at once.
    func holdingBody(on budget: MemoryBudget) -> Message {
        let reserved = record.update { outcome in
            defer { outcome.reservedByteCount = 0 }
            return outcome.reservedByteCount
        }
        let kept = min(reserved, body.count)
        budget.release(reserved - kept)
        let lease = MemoryLease(adopting: kept, from: budget)
        return Message(
            record: record, handler: handler, body: body.keeping(lease), coding: coding,
            readingByteCount: readingByteCount)
    }

    /// The same after its plan turned out to take longer to make than its text says.
    var withLargePlan: Message {
        Message(
            record: record, handler: handler, body: body, coding: coding, readingByteCount: Work.inlineByteCount + 1)
    }

    /// The same after it turned out to be larger than it said.
    var withLargeBody: Message {
        Message(record: record, handler: handler, body: body, coding: coding, readingByteCount: .max)
    }
}
