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

    mutating func removeAll() -> [CrewJob] {
        var jobs: [CrewJob] = []
        while let job = takeFirst(where: { _ in true }) { jobs.append(job) }
        return jobs
    }
}
