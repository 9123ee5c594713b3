/// What the workers are doing and have done, at one moment.
package struct WorkerStatistics: Sendable, Hashable {
    /// Jobs that wait for a worker.
    package var waiting = 0
    /// Workers that run a job or help with slices.
    package var busy = 0
    package var admitted: UInt64 = 0
    package var rejected: UInt64 = 0
    /// Jobs that were told to do their work, and have done it.
    package var completed: UInt64 = 0
    package var expired: UInt64 = 0
    /// Jobs that nobody wanted any more when their turn came.
    package var unwanted: UInt64 = 0
    package var abandoned: UInt64 = 0
}
