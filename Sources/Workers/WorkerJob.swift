/// One admitted job.
struct WorkerJob: Sendable, Identifiable {
    typealias ID = UInt64

    var id: ID = 0
    let lane: Workers.Lane
    let deadline: ContinuousClock.Instant?
    let body: @Sendable (Workers.Verdict) -> Void
    var isUnwanted: (@Sendable () -> Bool)?

    /// What the job is to be told now; calls what belongs to a user.
    func verdict(at now: ContinuousClock.Instant) -> Workers.Verdict {
        if let deadline, deadline <= now { return .expired }
        return isUnwanted?() ?? false ? .unwanted : .proceed
    }
}

/// What a worker does next.
enum WorkerTask: Sendable {
    case job(WorkerJob)
    case slice(Int, of: SliceRun.ID, body: @Sendable (Int) -> Void)

    func perform() -> JobCompletion {
        switch self {
        case .job(let job):
            let verdict = job.verdict(at: .now)
            job.body(verdict)
            return .job(verdict)
        case .slice(let index, let run, let body):
            body(index)
            return .slice(of: run)
        }
    }
}

/// What a worker has done, counted when it asks for more.
enum JobCompletion: Sendable {
    case none
    case job(Workers.Verdict)
    case slice(of: SliceRun.ID)
}
