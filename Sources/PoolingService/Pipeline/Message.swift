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

    /// The same with a body that gives back its reservation as soon as nobody holds it, which may be long before the
    /// request is over.
    func holdingBody(on budget: MemoryBudget) -> Message {
        let reservation = Reservation(budget: budget, record: record)
        reservation.shrink(to: body.count)
        return Message(
            record: record, handler: handler, body: body.keeping(reservation), coding: coding,
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
