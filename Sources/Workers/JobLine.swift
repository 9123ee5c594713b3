/// The jobs that wait, in two lanes that take turns.
struct JobLine {
    private var light = FIFO<CrewJob>()
    private var heavy = FIFO<CrewJob>()
    private var isHeavyTurn = false

    var count: Int { light.count + heavy.count }

    mutating func append(_ job: CrewJob) {
        switch job.lane {
        case .light: light.append(job)
        case .heavy: heavy.append(job)
        }
    }

    /// The next job of the lanes that may start one.
    mutating func takeFirst(where mayStart: (WorkerCrew.Lane) -> Bool) -> CrewJob? {
        let heavyIsReady = heavy.count > 0 && mayStart(.heavy)
        let lightIsReady = light.count > 0 && mayStart(.light)
        if heavyIsReady && (isHeavyTurn || !lightIsReady) {
            isHeavyTurn = false
            return heavy.popFirst()
        }
        guard lightIsReady else { return nil }
        isHeavyTurn = true
        return light.popFirst()
    }

    var waiting: [CrewJob] { light.waiting + heavy.waiting }

    /// Takes out the jobs of `ids` that still wait.
    mutating func remove(_ ids: Set<CrewJob.ID>) -> [CrewJob] {
        let removed = waiting.filter { ids.contains($0.id) }
        light.removeAll { ids.contains($0.id) }
        heavy.removeAll { ids.contains($0.id) }
        return removed
    }

    mutating func removeAll() -> [CrewJob] {
        var jobs: [CrewJob] = []
        while let job = takeFirst(where: { _ in true }) { jobs.append(job) }
        return jobs
    }
}
