/// One admitted job.
struct CrewJob: Sendable, Identifiable {
    typealias ID = UInt64

    var id: ID = 0
    let lane: WorkerCrew.Lane
    let deadline: ContinuousClock.Instant?
    let body: @Sendable (WorkerCrew.Verdict) -> Void
    var isUnwanted: (@Sendable () -> Bool)?

    /// What the job is to be told now; calls what belongs to a user.
    func verdict(at now: ContinuousClock.Instant) -> WorkerCrew.Verdict {
        if let deadline, deadline <= now { return .expired }
        return isUnwanted?() ?? false ? .unwanted : .proceed
    }
}

/// What a worker does next.
enum CrewTask: Sendable {
    case job(CrewJob)
    case slice(Int, of: SliceRun.ID, body: @Sendable (Int) -> Void)

    func perform() -> CrewReceipt {
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
enum CrewReceipt: Sendable {
    case none
    case job(WorkerCrew.Verdict)
    case slice(of: SliceRun.ID)
}
