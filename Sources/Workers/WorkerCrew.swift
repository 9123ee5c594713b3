/// Threads that work off a bounded line of jobs, on Dispatch.
///
/// A job that was admitted is called exactly once; one that was refused is never called.
package final class WorkerCrew: Sendable {
    /// Why a job was not admitted.
    package enum Refusal: Error, Sendable, Hashable {
        case lineFull(limit: Int)
        case closing
    }

    /// What an admitted job is told when its turn comes.
    package enum Verdict: Sendable, Hashable {
        case proceed
        /// Its deadline passed while it stood in line; it must not do the work.
        case expired
        /// The crew was closed with this job still in line.
        case abandoned
    }

    package let width: Int
    package let lineLimit: Int

    package init(width: Int, lineLimit: Int) {
        self.width = width
        self.lineLimit = lineLimit
    }

    /// Admits `job`, or says at once that there is no room.
    package func submit(
        deadline: ContinuousClock.Instant? = nil, _ job: @escaping @Sendable (Verdict) -> Void
    ) throws(Refusal) {
    }

    /// Runs `body` once for each number below `count`, on the calling thread and on workers that are idle.
    ///
    /// Returns when all are done. Never waits for a worker that is busy with something else.
    package func run(_ count: Int, _ body: @Sendable (Int) -> Void) {
        (0..<count).forEach(body)
    }
}
