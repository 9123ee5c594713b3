import Dispatch

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif
import Synchronization

/// Threads that work off a bounded queue of jobs, on Dispatch.
///
/// A job that was admitted is called exactly once; one that was rejected is never called.
///
/// Large jobs cannot starve small ones, nor the other way round: the two have separate lanes that
/// take turns, one light job may run even while heavy ones hold every worker, and a worker that helps
/// with the slices of ``run(_:_:)`` looks at the queue after each slice.
package final class Workers: Sendable {
    /// Why a job was not admitted.
    package enum Rejection: Error, Sendable, Hashable {
        case queueFull(limit: Int)
        case closing
    }

    /// What an admitted job is told when its turn comes.
    package enum Verdict: Sendable, Hashable {
        case proceed
        /// Its deadline passed while it was queued; it must not do the work.
        case expired
        /// Nobody waits for it any more.
        case unwanted
        /// The workers were closed with this job still queued.
        case abandoned
    }

    /// How much work a job is expected to be.
    package enum Lane: Sendable, Hashable {
        case light
        case heavy
    }

    /// The number of jobs that run at the same time, one light job in need not counted.
    package let width: Int
    /// The number of jobs that may wait for a worker.
    package let queueLimit: Int

    /// Some 50 µs.
    private static let turnsBeforeSleep = 100

    // One serial queue a worker, because Dispatch gives each its own thread at once; a concurrent
    // queue shares the threads of the process and may have to wait for one.
    private let queues: [DispatchQueue]
    private let state: Mutex<WorkerState>
    private let sweeper = DispatchQueue(label: "pooling.sweeper")
    private static let timeBetweenSweeps = DispatchTimeInterval.milliseconds(50)

    package init(width: Int, queueLimit: Int) {
        precondition(width > 0 && queueLimit >= 0)
        self.width = width
        self.queueLimit = queueLimit
        let workers = width + 1
        queues = (0..<workers).map { _ in DispatchQueue(label: "pooling.workers") }
        state = Mutex(WorkerState(width: width, queueLimit: queueLimit, workers: workers))
    }

    package var statistics: WorkerStatistics {
        state.withLock { $0.statistics }
    }

    /// Admits `job`, or says at once that there is no room.
    ///
    /// `job` runs on a worker; it is told whether to do its work or only to respond for it. A job that has waited beyond
    /// its deadline, or for which nobody waits any more, is told so soon and not only at its turn.
    ///
    /// - Parameter isUnwanted: asked now and then while the job is queued.
    package func submit(
        deadline: ContinuousClock.Instant? = nil, lane: Lane = .light,
        isUnwanted: (@Sendable () -> Bool)? = nil, _ job: @escaping @Sendable (Verdict) -> Void
    ) throws(Rejection) {
        let admitted = WorkerJob(lane: lane, deadline: deadline, body: job, isUnwanted: isUnwanted)
        let (worker, callsForSweep) = try state.withLock { state throws(Rejection) in
            (try state.admit(admitted), state.callsForSweep())
        }
        if let worker { wake(worker) }
        if callsForSweep { sweepLater() }
    }

    /// Runs `body` once for each number below `count`, on the calling thread and on workers that are idle.
    ///
    /// Returns when all are done. Never waits for a worker that is busy with something else, so it may be
    /// called from anywhere: from a job, from another `body`, from any number of threads.
    package func run(_ count: Int, _ body: @Sendable (Int) -> Void) {
        guard count > 1 else {
            if count == 1 { body(0) }
            return
        }
        withoutActuallyEscaping(body) { share(count, $0) }
    }

    /// Rejects new jobs, and calls those that are still queued with `abandoned`, on this thread.
    ///
    /// Jobs that have begun go on. Closing again does nothing.
    package func close() {
        let abandoned = state.withLock { $0.close() }
        for job in abandoned { job.body(.abandoned) }
    }

    /// Rejects new jobs, and waits until queued jobs and those that have begun are done.
    ///
    /// Jobs that are queued after `limit` are abandoned. Blocks the calling thread, so it must not be called
    /// from a job.
    ///
    /// - Returns: Whether every job is done.
    @discardableResult
    package func finish(within limit: Duration) -> Bool {
        let finished = DispatchSemaphore(value: 0)
        state.withLock { $0.drain(signalling: finished) }
        let outcome = finished.wait(timeout: .now() + limit.dispatchInterval)
        close()
        return outcome == .success
    }

    private func sweepLater() {
        sweeper.asyncAfter(deadline: .now() + Self.timeBetweenSweeps) { [weak self] in self?.sweep() }
    }

    /// Calls back for the queued jobs that are not to be done any more.
    private func sweep() {
        let now = ContinuousClock.now
        var verdicts: [WorkerJob.ID: Verdict] = [:]
        for job in state.withLock({ $0.queueToSweep() }) {
            let verdict = job.verdict(at: now)
            if verdict != .proceed { verdicts[job.id] = verdict }
        }
        let (removed, callsForSweep) = state.withLock { state in
            (verdicts.isEmpty ? [] : state.remove(verdicts), state.callsForSweep())
        }
        for job in removed { job.body(verdicts[job.id] ?? .expired) }
        if callsForSweep { sweepLater() }
    }

    private func wake(_ worker: Int) {
        queues[worker].async { self.work(worker) }
    }

    /// One worker's shift: until there is nothing left for it to do.
    private func work(_ worker: Int) {
        var completion = JobCompletion.none
        // A task, and with it its reference to the slices' body, is gone before the completion is handed in.
        while let (task, other) = state.withLock({ $0.nextTask(for: worker, after: completion) }) {
            if let other { wake(other) }
            completion = task.perform()
        }
    }

    private func share(_ count: Int, _ body: @escaping @Sendable (Int) -> Void) {
        let (run, helpers) = state.withLock { $0.openRun(count, body) }
        helpers.forEach(wake)
        while let slice = state.withLock({ $0.claimSlice(of: run) }) { body(slice) }
        // Helpers have at most a slice each to end, and to be woken afterwards may take longer than that.
        var turns = 0
        while turns < Self.turnsBeforeSleep, state.withLock({ $0.isHelped(run) }) {
            sched_yield()
            turns += 1
        }
        state.withLock { $0.closeRun(run) }?.wait()
    }
}

extension Duration {
    /// As Dispatch counts time; a century is as good as forever.
    fileprivate var dispatchInterval: DispatchTimeInterval {
        guard self < .seconds(100 * 365 * 86_400) else { return .never }
        let (seconds, attoseconds) = components
        return .nanoseconds(Int(seconds) * 1_000_000_000 + Int(attoseconds / 1_000_000_000))
    }
}
