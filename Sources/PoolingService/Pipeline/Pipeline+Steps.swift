import MicroHTTP
import PoolingEngine
import PoolingWire
import RecycledMemory
import Workers

// Takes work forward, one step at a time: of the requests that arrived together, of one request on a worker, or of the
// entries of a batch.
extension Pipeline {
    /// Takes the next step of each of `works`.
    func step(_ works: inout [Work?], in workspace: Workspace) {
        for index in works.indices {
            guard var work = works[index].take() else { continue }
            step(&work, in: workspace)
            works[index] = work
        }
    }

    /// Takes the next step; memory that is not needed any more is given back when it returns.
    ///
    /// - Parameter stop: nil where a step takes no time that is worth stopping.
    func step(_ work: inout Work, in workspace: Workspace, stop: WorkStop? = nil) {
        // Taken, so that it is not copied.
        var current = Work.done(.failure(.internal))
        swap(&current, &work)
        do throws(Failure) {
            switch current {
            case .read(let message): work = try read(message, in: workspace)
            case .planned(let plan, let operands, let format):
                let (result, memory) = try compute(plan, operands, format.record, in: workspace)
                work = .computed(result, memory: memory, format)
            case .batch(let batch): work = try respond(to: batch, in: workspace, stop)
            case .computed(let result, let memory, let format): work = try write(result, memory, format, in: workspace)
            case .done(let result): work = .done(result)
            }
        } catch {
            work = .done(.failure(error))
        }
    }

    private func read(_ message: Message, in workspace: Workspace) throws(Failure) -> Work {
        let start = MonotonicInstant.now
        defer { message.record.update { $0.timings.parse += MonotonicInstant.now.since(start) } }
        if let coding = message.coding { return .read(try unpacked(message, coding, in: workspace)) }
        do throws(Failure) {
            return try message.handler.read(message, by: self, in: workspace)
        } catch {
            guard message.isInline, case .rejected(let rejection) = error, rejection.reason == .planTooLarge else {
                throw error
            }
            return .read(message.withLargePlan)
        }
    }

    /// The message without its content coding, or as it is where its body is too large for its lane.
    private func unpacked(
        _ message: Message, _ coding: ContentEncoding, in workspace: Workspace
    ) throws(Failure) -> Message {
        let bodyLimit = admission.bodyLimit
        let limit = message.lane == .light ? min(Work.lightByteCount, bodyLimit) : bodyLimit
        do throws(WireError) {
            let body = try coding.decompress(message.body, limit: limit, in: workspace)
            return self.message(message.record, message.handler, body, coding: nil)
        } catch {
            if case .rejected(let rejection) = error, rejection.reason == .resultTooLarge, limit < bodyLimit {
                return message.withLargeBody
            }
            throw Failure(error)
        }
    }

    /// Computes a plan.
    ///
    /// - Parameter record: nil for an entry of a batch.
    /// - Returns: the result, and the memory that is reserved for it.
    func compute(
        _ plan: PoolingPlan, _ operands: Operands, _ record: RequestRecord?, in workspace: Workspace
    ) throws(Failure) -> (PoolingResult, MemoryLease?) {
        let start = record.map { _ in MonotonicInstant.now }
        if workspace.cancellation == nil, let start, let record, record.deadline <= start { throw .deadlineExceeded }
        let result = try lease(plan.cost.resultByteCount, from: workspace.memory)
        let scratch = try lease(plan.cost.scratchByteCount(threads: workspace.threads), from: workspace.memory)
        defer { withExtendedLifetime(scratch) {} }
        let tensors = try Failure.rejecting { () throws(PoolingError) in
            try plan.execute(operands, in: workspace)
        }
        if let start { record?.update { $0.timings.compute = MonotonicInstant.now.since(start) } }
        return (tensors, result)
    }

    private func respond(to batch: Batch, in workspace: Workspace, _ stop: WorkStop?) throws(Failure) -> Work {
        let start = MonotonicInstant.now
        var response = try batch.response(stop)
        batch.record.update { $0.timings.compute = MonotonicInstant.now.since(start) }
        try ResponseCompression.apply(to: &response, batch.record.headers, workspace.withoutCancellation)
        return .done(.success(response))
    }

    private func lease(_ byteCount: Int, from memory: (any MemoryAccount)?) throws(Failure) -> MemoryLease? {
        // Less is part of what every request is allowed, as for blocks.
        guard byteCount >= MemoryRecycler.smallestByteCount, let memory else { return nil }
        return try Failure.reserving { () throws(MemoryShortage) in try MemoryLease(byteCount, from: memory) }
    }

    private func write(
        _ result: PoolingResult, _ memory: MemoryLease?, _ format: ResponseFormat, in workspace: Workspace
    ) throws(Failure) -> Work {
        let start = MonotonicInstant.now
        var (body, headers) = try format.encode(result, in: workspace)
        if let memory {
            // Pieces that are the result's tensors keep their reservation.
            body = body.map { piece in
                let isView = result.labelledTensors.contains { $0.tensor.storage.sharesMemory(with: piece) }
                return isView ? piece.keeping(memory) : piece
            }
        }
        var response = HTTPResponse(status: 200, headers: headers, body: body)
        response.append(format.notices)
        if let record = format.record {
            try ResponseCompression.apply(to: &response, record.headers, workspace)
            record.update { $0.timings.serialize = MonotonicInstant.now.since(start) }
        }
        return .done(.success(response))
    }
}
