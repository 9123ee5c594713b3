package import MicroHTTP
package import PoolingEngine

/// A request's body and all that decides how it is read and answered.
package struct Call: Sendable {
    package let body: HTTPBody
    /// As sent; nil where the URL has none.
    package let query: String?
    package let headers: RequestHeaders
    package let limits: PoolingPlan.Limits
    package let codecs: CodecList
}

/// What turns a body into work: the part of the sequence that differs from endpoint to endpoint.
package protocol WorkHandler: Sendable {
    func prepare(_ call: Call) throws(Failure) -> PreparedWork
}

/// A request that was understood and checked.
package enum PreparedWork: Sendable {
    /// Nothing is left to compute.
    case answer(HTTPResponse)
    case plan(PoolingPlan, encode: @Sendable (PoolingResult) throws(Failure) -> HTTPResponse)
}
