import Dispatch

/// Everything that changes in a crew, and every rule about who works on what.
///
/// Each method is one step under the crew's lock and calls nothing that belongs to a user.
struct CrewState {
    private enum Role {
        case idle
        case helper
        case job(WorkerCrew.Lane)
    }

    let width: Int
    let lineLimit: Int

    private var line = JobLine()
    private var runs: [SliceRun] = []
    private var nextRun: SliceRun.ID = 0
    private var roles: [Role]
    private var idle: [Int]
    /// The job that a worker was woken for, until it comes to fetch it.
    private var handed: [CrewJob?]
    private var lightJobs = 0
    private var heavyJobs = 0
    private var isClosing = false
    private var nextJob: CrewJob.ID = 0
    /// Whether somebody will come and look at the line.
    private var isSweepDue = false
    private var drainWaiters: [DispatchSemaphore] = []
    private var counts = CrewStatistics()

    init(width: Int, lineLimit: Int, workers: Int) {
        self.width = width
        self.lineLimit = lineLimit
        roles = Array(repeating: .idle, count: workers)
        handed = Array(repeating: nil, count: workers)
        idle = Array((0..<workers).reversed())
    }

    var statistics: CrewStatistics {
        var statistics = counts
        statistics.waiting = line.count
        statistics.busy = busy
        return statistics
    }

    private var busy: Int { roles.count - idle.count }

    /// Whether a worker that is idle now may take a job of `lane`.
    private func mayStart(_ lane: WorkerCrew.Lane) -> Bool {
        switch lane {
        case .heavy: busy < width
        case .light: busy < width || lightJobs == 0
        }
    }
}

// Jobs
extension CrewState {
    /// Hands `job` to an idle worker, which must then be woken, or puts it in line.
    mutating func admit(_ job: CrewJob) throws(WorkerCrew.Refusal) -> Int? {
        do throws(WorkerCrew.Refusal) {
            guard !isClosing else { throw .closing }
            let worker = mayStart(job.lane) ? idle.popLast() : nil
            guard worker != nil || line.count < lineLimit else { throw .lineFull(limit: lineLimit) }
            counts.admitted += 1
            guard let worker else {
                var job = job
                job.id = nextJob
                nextJob += 1
                line.append(job)
                return nil
            }
            hand(job, to: worker)
            return worker
        } catch {
            counts.refused += 1
            throw error
        }
    }

    /// Notes what `worker` has done and finds its next task; without one, the worker is idle.
    ///
    /// - Returns: The task, and a worker to wake, because a heavy task leaves room for a light job.
    mutating func nextTask(for worker: Int, after receipt: CrewReceipt) -> (CrewTask, wake: Int?)? {
        if let job = handed[worker].take() { return (.job(job), nil) }
        record(receipt)
        release(worker)
        guard let task = takeTask() else {
            signalIfDrained()
            return nil
        }
        idle.removeLast()
        switch task {
        case .job(let job): begin(job.lane, on: worker)
        case .slice: roles[worker] = .helper
        }
        return (task, handWaitingJob())
    }

    /// Whether to come and look at the line in a while; true once until ``lineToSweep()`` is called.
    mutating func callsForSweep() -> Bool {
        defer { isSweepDue = isSweepDue || line.count > 0 }
        return !isSweepDue && line.count > 0
    }

    mutating func lineToSweep() -> [CrewJob] {
        isSweepDue = false
        return line.waiting
    }

    /// Takes jobs out of the line that are not to be done, unless somebody has taken them meanwhile.
    mutating func remove(_ verdicts: [CrewJob.ID: WorkerCrew.Verdict]) -> [CrewJob] {
        let removed = line.remove(Set(verdicts.keys))
        for job in removed { record(.job(verdicts[job.id] ?? .expired)) }
        signalIfDrained()
        return removed
    }

    mutating func close() -> [CrewJob] {
        isClosing = true
        let abandoned = line.removeAll()
        counts.abandoned += UInt64(abandoned.count)
        signalIfDrained()
        return abandoned
    }

    mutating func drain(signalling finished: DispatchSemaphore) {
        isClosing = true
        drainWaiters.append(finished)
        signalIfDrained()
    }

    private mutating func handWaitingJob() -> Int? {
        guard !idle.isEmpty, let job = line.takeFirst(where: mayStart) else { return nil }
        let worker = idle.removeLast()
        hand(job, to: worker)
        return worker
    }

    private mutating func hand(_ job: CrewJob, to worker: Int) {
        begin(job.lane, on: worker)
        handed[worker] = job
    }

    private mutating func takeTask() -> CrewTask? {
        if let job = line.takeFirst(where: mayStart) { return .job(job) }
        guard busy < width, let open = runs.firstIndex(where: \.hasSlices) else { return nil }
        guard let slice = runs[open].claim() else { return nil }
        runs[open].helped += 1
        return .slice(slice, of: runs[open].id, body: runs[open].body)
    }

    private mutating func begin(_ lane: WorkerCrew.Lane, on worker: Int) {
        roles[worker] = .job(lane)
        switch lane {
        case .light: lightJobs += 1
        case .heavy: heavyJobs += 1
        }
    }

    private mutating func release(_ worker: Int) {
        switch roles[worker] {
        case .job(.light): lightJobs -= 1
        case .job(.heavy): heavyJobs -= 1
        case .idle, .helper: break
        }
        roles[worker] = .idle
        idle.append(worker)
    }

    private mutating func record(_ receipt: CrewReceipt) {
        switch receipt {
        case .none: break
        case .job(.proceed): counts.completed += 1
        case .job(.expired): counts.expired += 1
        case .job(.unwanted): counts.unwanted += 1
        case .job(.abandoned): break
        case .slice(let run): finishSlice(of: run)
        }
    }

    private mutating func signalIfDrained() {
        guard isClosing, line.count == 0, lightJobs + heavyJobs == 0 else { return }
        for waiter in drainWaiters { waiter.signal() }
        drainWaiters.removeAll()
    }
}

// Slices
extension CrewState {
    /// Opens a run to all who are idle, and says which workers to wake for it.
    mutating func openRun(_ count: Int, _ body: @escaping @Sendable (Int) -> Void) -> (SliceRun.ID, helpers: [Int]) {
        nextRun += 1
        runs.append(SliceRun(id: nextRun, count: count, body: body))
        let helpers = Array(idle.suffix(max(0, min(count - 1, width - busy))))
        idle.removeLast(helpers.count)
        for worker in helpers { roles[worker] = .helper }
        return (nextRun, helpers)
    }

    /// The next slice for the caller of the run.
    mutating func claimSlice(of id: SliceRun.ID) -> Int? {
        guard let run = runs.firstIndex(where: { $0.id == id }) else { return nil }
        return runs[run].claim()
    }

    func isHelped(_ id: SliceRun.ID) -> Bool { runs.contains { $0.id == id && $0.helped > 0 } }

    /// Ends a run without slices left; where helpers still work on some, returns what to wait for.
    mutating func closeRun(_ id: SliceRun.ID) -> DispatchSemaphore? {
        guard let run = runs.firstIndex(where: { $0.id == id }) else { return nil }
        guard runs[run].helped > 0 else {
            runs.remove(at: run)
            return nil
        }
        let waiter = DispatchSemaphore(value: 0)
        runs[run].waiter = waiter
        return waiter
    }

    private mutating func finishSlice(of id: SliceRun.ID) {
        guard let run = runs.firstIndex(where: { $0.id == id }) else { return }
        runs[run].helped -= 1
        guard runs[run].helped == 0, let waiter = runs[run].waiter else { return }
        runs.remove(at: run)
        waiter.signal()
    }
}
