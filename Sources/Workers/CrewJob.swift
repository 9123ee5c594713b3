/// One admitted job.
struct CrewJob: Sendable {
    let lane: WorkerCrew.Lane
    let deadline: ContinuousClock.Instant?
    let body: @Sendable (WorkerCrew.Verdict) -> Void
}

/// What a worker does next.
enum CrewTask: Sendable {
    case job(CrewJob)
    case slice(Int, of: SliceRun.ID, body: @Sendable (Int) -> Void)

    func perform() -> CrewReceipt {
        switch self {
        case .job(let job):
            let isLate = job.deadline.map { $0 <= .now } ?? false
            job.body(isLate ? .expired : .proceed)
            return isLate ? .expired : .completed
        case .slice(let index, let run, let body):
            body(index)
            return .slice(of: run)
        }
    }
}

/// What a worker has done, counted when it asks for more.
enum CrewReceipt: Sendable {
    case none
    case completed
    case expired
    case slice(of: SliceRun.ID)
}
