package import MicroHTTP
package import PoolingEngine

/// A request's body and all that decides how it is read and answered.
package struct Call: Sendable {
    package let body: HTTPBody
    /// As sent; nil where the URL has none.
    package let query: String?
    package let path: PathParameters
    package let record: RequestRecord
    package let limits: PoolingPlan.Limits
    package let bodyLimit: Int
    package let memory: MemoryBudget
    package let codecs: CodecList
    package let plans: PlanCache

    var headers: RequestHeaders { record.headers }
    var reservation: Reservation { Reservation(budget: memory, record: record) }

    /// The body without its content coding.
    func plainBody() throws(Failure) -> HTTPBody {
        try ContentCoding.decoded(body, coding: headers.contentEncoding, limit: bodyLimit, reservation)
    }

    /// Checks what `request` asks for.
    func plan(_ request: PoolingRequest) throws(Failure) -> PoolingPlan {
        do throws(PoolingRefusal) {
            return try plans.plan(request, limits: limits)
        } catch {
            throw .refused(error)
        }
    }
}

/// What turns a body into work: the part of the sequence that differs from endpoint to endpoint.
package protocol WorkHandler: Sendable {
    func prepare(_ call: Call) throws(Failure) -> PreparedWork
}

/// What is left to compute, and how its result is answered.
package final class Computation: Sendable {
    let plan: PoolingPlan
    /// How long the client waits, where its body says so.
    let timeoutMicroseconds: UInt64?
    let encode: @Sendable (PoolingResult) throws(Failure) -> HTTPResponse

    init(
        plan: PoolingPlan, timeoutMicroseconds: UInt64? = nil,
        encode: @escaping @Sendable (PoolingResult) throws(Failure) -> HTTPResponse
    ) {
        (self.plan, self.timeoutMicroseconds, self.encode) = (plan, timeoutMicroseconds, encode)
    }
}

/// A request that was understood and checked.
package enum PreparedWork: Sendable {
    /// Nothing is left to compute.
    case answer(HTTPResponse)
    case computation(Computation)
}
