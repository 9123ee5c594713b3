/// A request whose every number has been checked: what is left can only be computed.
package struct PoolingPlan: Sendable {
    /// The bounds that the service sets.
    package struct Limits: Sendable {
        package var resultByteCount: Int
        package init(resultByteCount: Int) { self.resultByteCount = resultByteCount }
    }

    /// Runs `body` once for each number below `count`, in any order and on any threads, and returns when all are done.
    package typealias SliceRunner = @Sendable (_ count: Int, _ body: @Sendable (Int) -> Void) -> Void

    package let operation: String
    package let region: String
    package let kernel: String
    /// Estimated element operations, by which the caller decides where to run it.
    package let cost: Int
    /// Bytes of all answered tensors together.
    package let resultByteCount: Int

    /// Checks `request`.
    ///
    /// - Throws: ``PoolingRefusal`` for everything that cannot be done, before any work or large allocation.
    package init(_ request: PoolingRequest, limits: Limits) throws(PoolingRefusal) {
        throw PoolingRefusal(.unknownOp, at: "op", "nothing is implemented yet")
    }

    /// Computes the answer in at most `slices` independent slices.
    ///
    /// - Throws: ``PoolingRefusal`` only for what the data decide: `integer_overflow`, a negative element in a
    ///   stochastic window.
    package func execute(
        slices: Int = 1, on runner: SliceRunner = { count, body in (0..<count).forEach(body) }
    ) throws(PoolingRefusal) -> PoolingResult {
        PoolingResult(tensors: [])
    }
}
