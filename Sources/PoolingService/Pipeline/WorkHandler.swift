package import MicroHTTP
package import PoolingEngine
package import PoolingWire
package import RecycledMemory

/// A request's body and all that decides how it is read and answered.
package struct Call: Sendable {
    package let body: Bytes
    /// How the body is packed; nil where it is as it is.
    package let coding: ContentEncoding?
    /// As sent; nil where the URL has none.
    package let query: String?
    package let path: PathParameters
    package let record: RequestRecord
    package let limits: PoolingPlan.Limits
    package let bodyLimit: Int
    package let admission: Admission
    package let codecs: CodecList
    package let plans: PlanCache

    var headers: RequestHeaders { record.headers }
    var memory: MemoryBudget { admission.memory }

    /// Checks the fields of `request`.
    func plan(_ request: PoolingRequest) throws(Failure) -> PoolingPlan {
        try Failure.rejecting { () throws(PoolingError) in try plans.plan(request, limits: limits) }
    }

    /// The same without its content coding.
    ///
    /// - Returns: nil where the body turns out to be larger than `limit`, which is below the limit for bodies.
    func unpacked(upTo limit: Int, _ workspace: Workspace) throws(Failure) -> Call? {
        guard let coding else { return self }
        let most = min(limit, bodyLimit)
        do throws(WireError) {
            return with(try coding.decompress(body, limit: most, in: workspace), coding: nil)
        } catch {
            if case .rejected(let rejection) = error, rejection.reason == .resultTooLarge, most < bodyLimit {
                return nil
            }
            throw .wire(error)
        }
    }

    /// The same with a body that gives back its reservation as soon as nobody holds it, which may be long before the
    /// request is over.
    func holdingBody() -> Call {
        let reservation = Reservation(budget: memory, record: record)
        reservation.shrink(to: body.count)
        return with(body.keeping(reservation), coding: coding)
    }

    private func with(_ body: Bytes, coding: ContentEncoding?) -> Call {
        Call(
            body: body, coding: coding, query: query, path: path, record: record, limits: limits, bodyLimit: bodyLimit,
            admission: admission, codecs: codecs, plans: plans)
    }
}

/// What turns a body into work: the part of the sequence that differs from endpoint to endpoint.
package protocol WorkHandler: Sendable {
    /// How many bytes reading the request goes through, about, where that may be many more than its body has.
    func readingByteCount(of call: Call) -> Int

    /// Reads and plans; the body of `call` is no longer packed.
    func prepare(_ call: Call, in workspace: Workspace) throws(Failure) -> PreparedWork

    /// Whether a request that a worker has taken is answered after its deadline, with less than it asked for.
    var outlivesDeadline: Bool { get }
}

extension WorkHandler {
    package func readingByteCount(of call: Call) -> Int { 0 }
    package var outlivesDeadline: Bool { false }
}

/// What is left to compute, and how its result is answered.
package final class Computation: Sendable {
    package typealias Encoder = @Sendable (ComputedResult, Workspace) throws(Failure) -> HTTPResponse

    let plan: PoolingPlan
    /// About how many bytes the response takes, without the result.
    let responseByteCount: Int
    /// How long the client waits, where its body says so.
    let timeoutMicroseconds: UInt64?
    let encode: Encoder

    init(
        plan: PoolingPlan, responseByteCount: Int, timeoutMicroseconds: UInt64? = nil, encode: @escaping Encoder
    ) {
        self.plan = plan
        self.responseByteCount = responseByteCount
        self.timeoutMicroseconds = timeoutMicroseconds
        self.encode = encode
    }
}

/// A result, how long it took, and the memory that is reserved for it.
package struct ComputedResult: Sendable {
    let tensors: PoolingResult
    let nanoseconds: UInt64
    private let memory: MemoryLease?

    init(_ tensors: PoolingResult, nanoseconds: UInt64, memory: MemoryLease?) {
        self.tensors = tensors
        self.nanoseconds = nanoseconds
        self.memory = memory
    }

    /// The body of a response, which keeps the reservation where it is made of the result's tensors.
    func body(_ encoded: [Bytes]) -> [Bytes] {
        guard let memory else { return encoded }
        let tensors = tensors.labelledTensors
        return encoded.map { piece in
            let isView = tensors.contains { $0.tensor.storage.sharesMemory(with: piece) }
            return isView ? piece.keeping(memory) : piece
        }
    }
}

/// A request that was understood and checked.
package enum PreparedWork: Sendable {
    /// Nothing is left to compute.
    case answer(HTTPResponse)
    case computation(Computation)
    case batch(Batch)
}
