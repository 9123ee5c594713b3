import PoolingEngine
import Workers

/// The engine on a number of threads, as the service runs it: a request that comes again has its plan in the cache.
struct EngineWorkers {
    let threads: Int
    private let workspace: Workspace
    private let plans = PlanCache()

    init(threads: Int) {
        self.threads = max(threads, 1)
        let helpers = threads > 1 ? Workers(width: threads - 1, queueLimit: 0) : nil
        let runner: Workspace.Runner? = helpers.map { helpers in
            { @Sendable count, body in helpers.run(count, body) }
        }
        workspace = Workspace(threads: self.threads, runner: runner)
    }

    /// Checks `request` and computes its result, which is thrown away.
    func run(_ request: PoolingRequest) throws {
        _ = try plans.plan(request, limits: .measured).execute(Operands(request), in: workspace)
    }
}

extension PoolingPlan.Limits {
    /// More than any measured layer gives.
    static let measured = PoolingPlan.Limits(resultByteCount: 1 << 40)
}
