import PoolingEngine
import Workers

/// The engine on a number of threads, as the service runs it.
struct EngineWorkers {
    let threads: Int
    private let helpers: Workers?

    init(threads: Int) {
        self.threads = max(threads, 1)
        helpers = threads > 1 ? Workers(width: threads - 1, queueLimit: 0) : nil
    }

    /// Checks `request` and computes its answer, which is thrown away.
    func run(_ request: PoolingRequest) throws {
        let plan = try PoolingPlan(request, limits: .measured)
        if let helpers {
            _ = try plan.execute(slices: plan.sliceCount(threads: threads)) { count, body in helpers.run(count, body) }
        } else {
            _ = try plan.execute()
        }
    }
}

extension PoolingPlan.Limits {
    /// More than any measured layer answers.
    static let measured = PoolingPlan.Limits(resultByteCount: 1 << 40)
}
