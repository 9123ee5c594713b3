import PoolingEngine
import PoolingWire
import RecycledMemory
import Workers

/// Computes plans: of the requests that arrived together, of one request on a worker, or of the entries of a batch.
struct Driver: Sendable {
    let workspace: Workspace
    /// Threads that compute a plan, the caller's included.
    let threads: Int
    /// Reserves results and scratch; nil where both are small.
    let memory: RequestMemory?

    /// For small requests on the thread where they arrived.
    static let here = Driver(workspace: Workspace(), threads: 1, memory: nil)

    func compute(_ plan: PoolingPlan) throws(Failure) -> ComputedResult {
        let start = MonotonicInstant.now
        let result = try lease(plan.cost.resultByteCount)
        let scratch = try lease(plan.cost.scratchByteCount(threads: threads))
        defer { withExtendedLifetime(scratch) {} }
        let tensors = try Failure.rejecting { () throws(PoolingError) in
            guard let runner = workspace.runner else {
                return try plan.execute(cancellation: workspace.cancellation)
            }
            return try plan.execute(
                slices: plan.sliceCount(threads: threads), cancellation: workspace.cancellation, on: runner)
        }
        return ComputedResult(tensors, nanoseconds: MonotonicInstant.now.since(start), memory: result)
    }

    private func lease(_ byteCount: Int) throws(Failure) -> MemoryLease? {
        // Less is part of what every request is allowed, as for blocks.
        guard let memory, byteCount >= MemoryRecycler.smallestByteCount else { return nil }
        return try Failure.reserving { () throws(MemoryShortage) in try MemoryLease(byteCount, from: memory) }
    }
}
