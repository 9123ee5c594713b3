/// The jobs that wait, in two lanes that take turns.
struct JobQueue {
    private var light = FIFO<WorkerJob>()
    private var heavy = FIFO<WorkerJob>()
    private var isHeavyTurn = false

    var count: Int { light.count + heavy.count }

    mutating func append(_ job: WorkerJob) {
        switch job.lane {
        case .light: light.append(job)
        case .heavy: heavy.append(job)
        }
    }

    /// The next job of the lanes that may start one.
    mutating func takeFirst(where mayStart: (Workers.Lane) -> Bool) -> WorkerJob? {
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

    var waiting: [WorkerJob] { light.waiting + heavy.waiting }

    /// Takes out the jobs of `ids` that still wait.
    mutating func remove(_ ids: Set<WorkerJob.ID>) -> [WorkerJob] {
        let removed = waiting.filter { ids.contains($0.id) }
        light.removeAll { ids.contains($0.id) }
        heavy.removeAll { ids.contains($0.id) }
        return removed
    }

    mutating func removeAll() -> [WorkerJob] {
        var jobs: [WorkerJob] = []
        while let job = takeFirst(where: { _ in true }) { jobs.append(job) }
        return jobs
    }
}
