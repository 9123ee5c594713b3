import MicroHTTP
import PoolingEngine
import PoolingWire
import RecycledMemory

/// The entries of a batch, each read and planned as a request of its own.
///
/// Limits on work and results hold for all together: an entry that goes beyond them is rejected at its position.
package struct Batch: Sendable {
    /// An entry that is computed when its turn to be written comes, or a response that is there.
    private enum Entry {
        case planned(PoolingPlan, Operands, ResponseFormat)
        case done(Result<HTTPResponse, Failure>)
    }

    /// What one layer of a shape query takes, and reading or writing a small entry.
    private static let operationsPerLayer = 4000
    /// The memory of an entry without its tensors.
    private static let byteCountPerEntry = 512
    /// Small tensors are reserved in portions, so that not each of them asks for memory.
    private static let portion = 1 << 20

    let record: RequestRecord
    private let pipeline: Pipeline
    private let workspace: Workspace
    private var pace: Pace
    private var entries: [Entry] = []
    private var total: CostTotal
    /// Those of the entries, which share one where they differ in elements alone.
    private var plans: Set<ObjectIdentifier> = []
    private var leases: [MemoryLease] = []
    /// That of the last entry, which most entries share.
    private var format: ResponseFormat?
    /// Bytes of entries, and of them those that are reserved.
    private var byteCount = 0
    private var reservedByteCount = 0

    init(_ record: RequestRecord, _ pipeline: Pipeline, in workspace: Workspace) {
        self.record = record
        self.pipeline = pipeline
        total = CostTotal(pipeline.limits)
        self.workspace = workspace
        pace = Pace(workspace.cancellation, looksAtOnce: true)
    }

    var cost: Cost { total.cost }

    /// Plans the next entry.
    mutating func take(_ request: Result<JSONBatch.Request, WireError>) {
        do throws(Failure) {
            entries.append(try entry(request))
        } catch {
            entries.append(.done(.failure(error)))
        }
    }

    private mutating func entry(_ request: Result<JSONBatch.Request, WireError>) throws(Failure) -> Entry {
        guard pace.goesOn(after: Self.operationsPerLayer) else { throw .deadlineExceeded }
        switch request {
        case .failure(let error): throw Failure(error)
        case .success(.tensors(let decoded)):
            try reserve(Self.byteCountPerEntry + decoded.tensorByteCount)
            let (plan, operands) = try pipeline.plan(decoded, total.limits, in: workspace)
            try add(plan)
            return .planned(plan, operands, format(decoded, plan))
        case .success(.shape(let fields, let elementType)):
            try add(Cost(operations: Self.operationsPerLayer * fields.layerCount, resultByteCount: 0))
            let response = try ShapeHandler.response(to: fields, elementType, in: workspace.withoutCancellation)
            try reserve(Self.byteCountPerEntry + response.body.byteCount)
            return .done(.success(response))
        }
    }

    private mutating func format(_ decoded: DecodedRequest, _ plan: PoolingPlan) -> ResponseFormat {
        if let format, format.form == decoded.form, format.notices.isEmpty, plan.notices.isEmpty { return format }
        let format = ResponseFormat(decoded, plan)
        self.format = format
        return format
    }

    private mutating func add(_ plan: PoolingPlan) throws(Failure) {
        let isNew = !plans.contains(ObjectIdentifier(plan))
        try add(plan.cost, keepsPlan: isNew)
        guard isNew else { return }
        try reserve(plan.cost.planByteCount)
        plans.insert(ObjectIdentifier(plan))
    }

    private mutating func add(_ cost: Cost, keepsPlan: Bool = true) throws(Failure) {
        try Failure.rejecting { () throws(PoolingError) in try total.add(cost, keepsPlan: keepsPlan) }
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
    func response(_ stop: WorkStop?) throws(Failure) -> HTTPResponse {
        var tally = WorkTally()
        var writing = workspace
        writing.cancellation = stop?.cancellationBesidesDeadline()
        var writer = JSONBatchWriter(
            expecting: min(cost.resultByteCount, Self.portion) + 64 * entries.count, in: writing)
        var pace = Pace(workspace.cancellation, looksAtOnce: true)
        for position in entries.indices {
            do throws(Failure) {
                try write(position, &pace, to: &writer, &tally)
            } catch {
                if case .stopped = error, let cause = stop?.cause, cause != .deadline { throw error }
                let problem = Problem(error)
                let document = problem.document(requestID: "\(record.id)/\(position)")
                writer.append(status: problem.status, body: [Bytes(copying: document)])
                tally.count(problem.code)
            }
        }
        pipeline.metrics.count(tally)
        if stop?.cause == .deadline { pipeline.metrics.stopped(.deadline) }
        let body: [Bytes]
        do throws(WireError) {
            body = try writer.finish()
        } catch {
            throw Failure(error)
        }
        return HTTPResponse(
            status: 200, headers: [("Content-Type", PoolingWire.MediaType.json)], body: body)
    }

    private func write(
        _ position: Int, _ pace: inout Pace, to writer: inout JSONBatchWriter, _ tally: inout WorkTally
    ) throws(Failure) {
        switch entries[position] {
        case .planned(let plan, let operands, let format):
            let operations = Self.operationsPerLayer + min(plan.cost.operations, Int(Int32.max))
            guard pace.goesOn(after: operations) else { throw .stopped }
            let start = MonotonicInstant.now
            let (result, memory) = try pipeline.compute(plan, operands, nil, in: workspace)
            defer { withExtendedLifetime(memory) {} }
            let work = MetricsShard.Work(operation: plan.operation, region: plan.region)
            tally.count(work, MonotonicInstant.now.since(start))
            writer.append(result, form: format.form, notices: format.notices)
        case .done(let result):
            let response = try result.get()
            writer.append(status: response.status, body: response.body, notices: response.notices)
        }
    }
}

extension [Field] {
    /// The layers of a shape query.
    fileprivate var layerCount: Int {
        guard case .list(let layers) = first(where: { $0.name == "layers" })?.value else { return 1 }
        return layers.count
    }
}
