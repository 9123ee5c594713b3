/// The resources that a plan will use, counted before any of them is spent.
package struct Cost: Sendable, Hashable {
    /// Weighted element operations: one is about a nanosecond of one core.
    package var operations: Int
    /// Bytes of all tensors that are returned.
    package var resultByteCount: Int
    /// Bytes that the computation needs in addition to the request's tensors and the result, however many threads
    /// compute.
    package var scratchByteCount: Int
    /// Bytes that each thread computes in.
    package var threadByteCount: Int
    /// Bytes that the plan keeps until it is computed, at most: those of its kernels and of their tables.
    package var planByteCount: Int

    package init(
        operations: Int, resultByteCount: Int, scratchByteCount: Int = 0, threadByteCount: Int = 0,
        planByteCount: Int = 0
    ) {
        self.operations = operations
        self.resultByteCount = resultByteCount
        self.scratchByteCount = scratchByteCount
        self.threadByteCount = threadByteCount
        self.planByteCount = planByteCount
    }

    /// Bytes in addition to the request's tensors and the result, on so many threads; saturates.
    package func scratchByteCount(threads: Int) -> Int {
        scratchByteCount.addingSaturating(threadByteCount.multipliedSaturating(by: threads))
            .addingSaturating(planByteCount)
    }

    /// Operations that one request may cost unless the service sets another limit: about 10 s of one core.
    package static let standardLimit = 10_000_000_000
}
