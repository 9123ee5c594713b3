import MicroHTTP
import PoolingEngine
import PoolingWire
import RecycledMemory

/// The entries of a batch, each planned as a request of its own.
///
/// Limits on work and results hold for all together: an entry that goes beyond them is rejected in its place.
package struct Batch: Sendable {
    private enum Entry: Sendable {
        case plan(PoolingPlan, TensorForm)
        /// The response of a shape query.
        case answer([Bytes], [PoolingNotice])
        case failure(Failure)
    }

    /// What one layer of a shape query takes, and reading or writing a small entry.
    private static let operationsPerLayer = 4000
    /// The memory of an entry without its tensors.
    private static let byteCountPerEntry = 512
    /// Small tensors are reserved in portions, so that not each of them asks for memory.
    private static let portion = 1 << 20

    private let call: Call
    private let workspace: Workspace
    private var pace: Pace
    private var plans = RepeatedPlans()
    private var entries: [Entry] = []
    private var total: CostTotal
    private var leases: [MemoryLease] = []
    /// Bytes of entries, and of them those that are reserved.
    private var byteCount = 0
    private var reservedByteCount = 0

    init(_ call: Call, in workspace: Workspace) {
        self.call = call
        total = CostTotal(call.limits)
        self.workspace = workspace
        pace = Pace(workspace.cancellation, looksAtOnce: true)
    }

    var cost: Cost { total.cost }

    /// Plans the next entry.
    mutating func take(_ request: Result<JSONBatch.Request, WireError>) {
        do throws(Failure) {
            entries.append(try entry(request))
        } catch {
            entries.append(.failure(error))
        }
    }

    private mutating func entry(_ request: Result<JSONBatch.Request, WireError>) throws(Failure) -> Entry {
        guard pace.goesOn(after: Self.operationsPerLayer) else { throw .deadlineExceeded }
        switch request {
        case .failure(let error): throw .wire(error)
        case .success(.repeated(let template, let tensor)):
            try reserve(Self.byteCountPerEntry + tensor.byteCount)
            let plan = try plans.plan(template, tensor, call)
            try Failure.rejecting { () throws(PoolingError) in try total.add(plan.cost) }
            return .plan(plan, template.form)
        case .success(.tensors(let decoded)):
            try reserve(decoded.request.tensors.values.reduce(Self.byteCountPerEntry) { $0 + $1.byteCount })
            let plan = try call.plan(decoded.request)
            try Failure.rejecting { () throws(PoolingError) in try total.add(plan.cost) }
            return .plan(plan, decoded.form)
        case .success(.shape(let fields, let elementType)):
            let operations = Self.operationsPerLayer * fields.layerCount
            try Failure.rejecting { () throws(PoolingError) in
                try total.add(Cost(operations: operations, resultByteCount: 0))
            }
            let answer = try Failure.rejecting { () throws(PoolingError) in
                try ShapeQuery.answer(fields, elementType: elementType)
            }
            let encoded = try Failure.wrapping { () throws(WireError) in
                try JSONCodec.encode(.object(answer), in: workspace.withoutCancellation)
            }
            try reserve(Self.byteCountPerEntry + encoded.byteCount)
            return .answer(encoded, PoolingNotice.all(ofShapeQuery: fields))
        }
    }

    private mutating func reserve(_ more: Int) throws(Failure) {
        byteCount += more
        guard byteCount > reservedByteCount + Self.portion else { return }
        let needed = byteCount - reservedByteCount
        leases.append(
            try Failure.reserving { () throws(MemoryShortage) in try MemoryLease(needed, from: workspace.memory) })
        reservedByteCount += needed
    }

    /// Computes each entry, and writes its response.
    ///
    /// - Throws: where nobody waits for the response any more, or there is no memory for it.
    func response(
        by driver: Driver, _ stop: WorkStop, requestID: String, countingTo metrics: Metrics
    ) throws(Failure) -> HTTPResponse {
        var tally = WorkTally()
        var writing = driver.workspace
        writing.cancellation = stop.cancellationBesidesDeadline()
        var writer = JSONBatchWriter(
            expecting: min(cost.resultByteCount, Self.portion) + 64 * entries.count, in: writing)
        var pace = Pace(driver.workspace.cancellation, looksAtOnce: true)
        for position in entries.indices {
            do throws(Failure) {
                switch entries[position] {
                case .plan(let plan, let form):
                    let operations = Self.operationsPerLayer + min(plan.cost.operations, Int(Int32.max))
                    guard pace.goesOn(after: operations) else { throw .wire(.stopped) }
                    let result = try driver.compute(plan)
                    writer.append(result.tensors, form: form, notices: plan.notices)
                    tally.count(plan, result.nanoseconds)
                case .answer(let body, let notices): writer.append(status: 200, body: body, notices: notices)
                case .failure(let failure): throw failure
                }
            } catch {
                if error.isStop, let cause = stop.cause, cause != .deadline { throw error }
                let problem = Problem(error)
                let document = problem.document(requestID: "\(requestID)/\(position)")
                writer.append(status: problem.status, body: [Bytes(copying: document)])
                tally.count(problem.code)
            }
        }
        metrics.count(tally)
        if stop.cause == .deadline { metrics.stopped(.deadline) }
        let body: [Bytes]
        do throws(WireError) {
            body = try writer.finish()
        } catch {
            throw .wire(error)
        }
        return HTTPResponse(
            status: 200, headers: [("Content-Type", PoolingWire.MediaType.json)], body: body)
    }
}

/// The plans of the last few kinds of entries, most of which differ in their numbers alone.
private struct RepeatedPlans: Sendable {
    private static let capacity = 8

    private struct Known: Sendable {
        let template: RequestTemplate
        let plan: PoolingPlan
    }

    /// The one that was used last comes first.
    private var known: [Known] = []

    /// The plan of an entry.
    mutating func plan(_ template: RequestTemplate, _ tensor: Tensor, _ call: Call) throws(Failure) -> PoolingPlan {
        for place in known.indices where known[place].template === template {
            guard let plan = known[place].plan.again(on: tensor) else { continue }
            if place > 0 { known.swapAt(place, 0) }
            return plan
        }
        let plan = try call.plan(template.decoded(tensor).request)
        if known.count == Self.capacity { known.removeLast() }
        known.insert(Known(template: template, plan: plan), at: 0)
        return plan
    }
}

extension [Field] {
    /// The layers of a shape query.
    fileprivate var layerCount: Int {
        guard case .list(let layers) = first(where: { $0.name == "layers" })?.value else { return 1 }
        return layers.count
    }
}
