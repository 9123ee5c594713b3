package import RecycledMemory

/// What work may use: help from other threads, memory on somebody's account, and time until it is stopped.
package struct Workspace: Sendable {
    /// Runs `body` once for each number below `count`, in any order and on any threads, and returns when all are done.
    package typealias Runner = @Sendable (_ count: Int, _ body: @Sendable (Int) -> Void) -> Void

    private static let slicesPerThread = 4
    static let standardStripByteCount = 256 << 10
    /// Element operations that are worth waking a thread for.
    private static let smallestSlice = 1 << 18

    /// Threads that `runner` runs on, the caller's included.
    package var threads: Int
    /// Does parts of large work side by side; nil where nobody is there to help.
    package var runner: Runner?
    /// Counts the memory; nil where nobody does.
    package var memory: (any MemoryAccount)?
    /// Looked at between pieces of work of a few milliseconds at most.
    package var cancellation: Cancellation?
    /// Bytes of a list of numbers that are read by one thread: some 300 µs of reading, worth waking a worker for.
    package var sliceByteCount = 256 << 10
    /// Bytes of gradients that are added up before they are rounded: as many as stay in the cache.
    var stripByteCount = Workspace.standardStripByteCount
    /// Into how many slices a plan is cut at most.
    var slices = 1
    /// Whether gradients stay in the type that they were summed in, for whoever adds them up.
    var leavesSums = false

    package init(
        threads: Int = 1, runner: Runner? = nil, memory: (any MemoryAccount)? = nil, cancellation: Cancellation? = nil
    ) {
        (self.threads, self.runner, self.memory, self.cancellation) = (threads, runner, memory, cancellation)
    }

    /// The same for work that goes on whatever the deadline.
    package var withoutCancellation: Workspace { Workspace(threads: threads, runner: runner, memory: memory) }

    /// The same for one of several threads.
    package var alone: Workspace { Workspace(memory: memory, cancellation: cancellation) }

    package var isStopped: Bool { cancellation?.isCancelled ?? false }

    /// Into how many slices work of that cost is best cut.
    ///
    /// Several per thread, so that one that comes late or is held up leaves its share to the others.
    func sliceCount(of cost: Cost) -> Int {
        threads > 1 ? max(min(threads * Self.slicesPerThread, cost.operations / Self.smallestSlice), 1) : 1
    }
}
