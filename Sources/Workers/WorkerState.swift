import Dispatch

/// Everything that changes in the workers, and every rule about who works on what.
///
/// Each method is one step under the workers' lock and calls nothing that belongs to a user.
struct WorkerState {
    private enum Role {
        case idle
        case helper
        case job(Workers.Lane)
    }

    let width: Int
    let queueLimit: Int

    private var queue = JobQueue()
    private var runs: [SliceRun] = []
    private var nextRun: SliceRun.ID = 0
    private var roles: [Role]
    private var idle: [Int]
    /// The job that a worker was woken for, until it comes to fetch it.
    private var handed: [WorkerJob?]
    private var lightJobs = 0
    private var heavyJobs = 0
    private var isClosing = false
    private var nextJob: WorkerJob.ID = 0
    /// Whether somebody will come and look at the queue.
    private var isSweepDue = false
    private var drainWaiters: [DispatchSemaphore] = []
    private var counts = WorkerStatistics()

    init(width: Int, queueLimit: Int, workers: Int) {
        self.width = width
        self.queueLimit = queueLimit
        roles = Array(repeating: .idle, count: workers)
        handed = Array(repeating: nil, count: workers)
        idle = Array((0..<workers).reversed())
    }

    var statistics: WorkerStatistics {
        var statistics = counts
        statistics.waiting = queue.count
        statistics.busy = busy
        return statistics
    }

    private var busy: Int { roles.count - idle.count }

    /// Whether a worker that is idle now may take a job of `lane`.
    private func mayStart(_ lane: Workers.Lane) -> Bool {
        switch lane {
        case .heavy: busy < width
        case .light: busy < width || lightJobs == 0
        }
    }
}

// Jobs
extension WorkerState {
    /// Hands `job` to an idle worker, which must then be woken, or queues it.
    mutating func admit(_ job: WorkerJob) throws(Workers.Rejection) -> Int? {
        do throws(Workers.Rejection) {
            guard !isClosing else { throw .closing }
            let worker = mayStart(job.lane) ? idle.popLast() : nil
            guard worker != nil || queue.count < queueLimit else { throw .queueFull(limit: queueLimit) }
            counts.admitted += 1
            guard let worker else {
                var job = job
                job.id = nextJob
                nextJob += 1
                queue.append(job)
                return nil
            }
            hand(job, to: worker)
            return worker
        } catch {
            counts.rejected += 1
            throw error
        }
    }

    /// Notes what `worker` has done and finds its next task; without one, the worker is idle.
    ///
    /// - Returns: The task, and a worker to wake, because a heavy task leaves room for a light job.
    mutating func nextTask(for worker: Int, after completion: JobCompletion) -> (WorkerTask, wake: Int?)? {
        if let job = handed[worker].take() { return (.job(job), nil) }
        record(completion)
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

    /// Whether to come and look at the queue in a while; true once until ``queueToSweep()`` is called.
    mutating func callsForSweep() -> Bool {
        defer { isSweepDue = isSweepDue || queue.count > 0 }
        return !isSweepDue && queue.count > 0
    }

    mutating func queueToSweep() -> [WorkerJob] {
        isSweepDue = false
        return queue.waiting
    }

    /// Takes jobs out of the queue that are not to be done, unless somebody has taken them meanwhile.
    mutating func remove(_ verdicts: [WorkerJob.ID: Workers.Verdict]) -> [WorkerJob] {
        let removed = queue.remove(Set(verdicts.keys))
        for job in removed { record(.job(verdicts[job.id] ?? .expired)) }
        signalIfDrained()
        return removed
    }

    mutating func close() -> [WorkerJob] {
        isClosing = true
        let abandoned = queue.removeAll()
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
        guard !idle.isEmpty, let job = queue.takeFirst(where: mayStart) else { return nil }
        let worker = idle.removeLast()
        hand(job, to: worker)
        return worker
    }

    private mutating func hand(_ job: WorkerJob, to worker: Int) {
        begin(job.lane, on: worker)
        handed[worker] = job
    }

    private mutating func takeTask() -> WorkerTask? {
        if let job = queue.takeFirst(where: mayStart) { return .job(job) }
        guard busy < width, let open = runs.firstIndex(where: \.hasSlices) else { return nil }
        guard let slice = runs[open].claim() else { return nil }
        runs[open].helped += 1
        return .slice(slice, of: runs[open].id, body: runs[open].body)
    }

    private mutating func begin(_ lane: Workers.Lane, on worker: Int) {
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

    private mutating func record(_ completion: JobCompletion) {
        switch completion {
        case .none: break
        case .job(.proceed): counts.completed += 1
        case .job(.expired): counts.expired += 1
        case .job(.unwanted): counts.unwanted += 1
        case .job(.abandoned): break
        case .slice(let run): finishSlice(of: run)
        }
    }

    private mutating func signalIfDrained() {
        guard isClosing, queue.count == 0, lightJobs + heavyJobs == 0 else { return }
        for waiter in drainWaiters { waiter.signal() }
        drainWaiters.removeAll()
    }
}

// Slices
extension WorkerState {
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
