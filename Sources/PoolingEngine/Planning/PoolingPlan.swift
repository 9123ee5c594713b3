/// A request whose every number has been checked: what is left can only be computed.
package struct PoolingPlan: Sendable {
    /// The bounds that the service sets.
    package struct Limits: Hashable, Sendable {
        package var resultByteCount: Int
        /// The most that ``Cost/operations`` may be.
        package var work: Int

        package init(resultByteCount: Int, work: Int = Cost.standardLimit) {
            self.resultByteCount = resultByteCount
            self.work = work
        }
    }

    /// Runs `body` once for each number below `count`, in any order and on any threads, and returns when all are done.
    package typealias SliceRunner = @Sendable (_ count: Int, _ body: @Sendable (Int) -> Void) -> Void

    private static let slicesPerThread = 4
    /// Element operations that are worth waking a thread for.
    private static let smallestSlice = 1 << 18

    package let layout: PlanLayout
    private let operands: Operands

    package var operation: String { layout.operation }
    package var region: String { layout.region }
    /// Of the tensor that is pooled; in backward, of the gradient that comes in.
    package var shape: [Int] { operands.main.shape }
    /// The technique that runs.
    package var kernel: String { layout.kernel }
    /// What it takes, by which the caller decides whether, when and where to run it.
    package var cost: Cost { layout.cost }

    /// What to ask the caller about.
    package var notices: [PoolingNotice] { layout.notices }

    init(_ layout: PlanLayout, _ operands: Operands) {
        self.layout = layout
        self.operands = operands
    }

    /// Checks `request`.
    ///
    /// - Throws: ``PoolingError`` for everything that cannot be done, before any work or large allocation.
    package init(_ request: PoolingRequest, limits: Limits) throws(PoolingError) {
        let layout = try PlanLayout(request, limits)
        guard let operands = Operands(request) else {
            throw PoolingError(.missingField, at: "", "the tensor to work on is missing")
        }
        self.init(layout, operands)
    }

    /// Into how many slices the work is best cut for so many threads.
    ///
    /// Several a thread, so that one that comes late or is held up leaves its share to the others.
    package func sliceCount(threads: Int) -> Int {
        threads > 1 ? max(min(threads * Self.slicesPerThread, cost.operations / Self.smallestSlice), 1) : 1
    }

    /// Computes the result in at most `slices` independent slices.
    ///
    /// - Throws: ``PoolingError`` only for what the data decide (`integer_overflow`, a negative element in a stochastic
    ///   window), for memory that the system does not give, and where `cancellation` stopped it.
    package func execute(
        slices: Int = 1, cancellation: Cancellation? = nil,
        on runner: @escaping SliceRunner = { count, body in (0..<count).forEach(body) }
    ) throws(PoolingError) -> PoolingResult {
        try layout.program.run(operands, Execution(slices: slices, cancellation: cancellation, runner: runner))
    }
}
