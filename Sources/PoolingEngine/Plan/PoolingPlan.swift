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
    /// Of the tensor that is pooled; in backward, of the gradient that comes in.
    package let shape: [Int]
    private let program: any Program

    /// The technique that runs.
    package var kernel: String { program.kernelName }
    /// Estimated element operations, by which the caller decides where to run it.
    package let cost: Int
    /// Bytes of all answered tensors together.
    package var resultByteCount: Int { program.resultByteCount }

    /// Checks `request`.
    ///
    /// - Throws: ``PoolingRefusal`` for everything that cannot be done, before any work or large allocation.
    package init(_ request: PoolingRequest, limits: Limits) throws(PoolingRefusal) {
        let main = request.tensors[request.endpoint == .backward ? .gradOutput : .input]
        shape = main?.shape ?? []
        var reader = try FieldReader(request.fields, tensors: request.tensors)
        switch request.endpoint {
        case .forward:
            let planner = try ForwardPlanner(&reader, limits)
            (operation, region) = (planner.layer.opName, planner.layer.regionName)
            program = try planner.program()
        case .backward where reader.isUnpool:
            (operation, region) = ("unpool", SlidingRegion.descriptor.name)
            program = try UnpoolGradientProgram(&reader, limits)
        case .backward:
            let planner = try BackwardPlanner(&reader, limits)
            (operation, region) = (planner.layer.opName, planner.layer.regionName)
            program = try planner.program()
        case .unpool:
            (operation, region) = ("unpool", SlidingRegion.descriptor.name)
            program = try UnpoolProgram(&reader, limits)
        }
        cost = program.cost
        try WorkLimits.checkWork(cost)
    }

    /// Computes the answer in at most `slices` independent slices.
    ///
    /// - Throws: ``PoolingRefusal`` only for what the data decide: `integer_overflow`, a negative element in a
    ///   stochastic window.
    package func execute(
        slices: Int = 1, on runner: SliceRunner = { count, body in (0..<count).forEach(body) }
    ) throws(PoolingRefusal) -> PoolingResult {
        try program.run(slices: slices, on: runner)
    }
}
