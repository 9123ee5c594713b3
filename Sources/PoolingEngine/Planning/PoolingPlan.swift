/// A request whose every number has been checked, without the elements of its tensors: what is left can only be computed.
package final class PoolingPlan: Sendable {
    /// The bounds that the service sets.
    package struct Limits: Hashable, Sendable {
        package var resultByteCount: Int
        /// The most that ``Cost/operations`` may be.
        package var work: Int
        /// The most that ``Cost/planByteCount`` may be: what would take more is rejected before it is made.
        package var planByteCount: Int
        /// Bytes of plans that are kept with this one, such as those of the layers before.
        var plannedByteCount = 0

        package init(resultByteCount: Int, work: Int = Cost.standardLimit, planByteCount: Int = .max) {
            self.resultByteCount = resultByteCount
            self.work = work
            self.planByteCount = planByteCount
        }

        /// Rejects a plan that there is no room for.
        func checkPlan(_ byteCount: Int) throws(PoolingError) {
            try WorkLimits.checkPlan(plannedByteCount.addingSaturating(byteCount), limit: planByteCount)
        }
    }

    package let operation: String
    package let region: String
    /// The technique that runs.
    package let kernel: String
    /// What it takes, by which the caller decides whether, when and where to run it.
    package let cost: Cost
    /// What to ask the caller about.
    package let notices: [PoolingNotice]
    let program: any Program
    /// The only tensor of the request; nil where there are several.
    private let main: TensorKind?

    /// What unpooling is called in logs and metrics: it undoes pooling over the default region.
    private static let unpool = (PoolingRequest.Endpoint.unpool.rawValue, PoolingCatalog.defaultRegion.descriptor.name)

    /// Checks `request`.
    ///
    /// - Parameter cancellation: ends the planning, which looks at every number of lists such as boxes and ids.
    /// - Throws: ``PoolingError`` for everything that cannot be done, before any work or large allocation.
    package init(
        _ request: PoolingRequest, limits: Limits, cancellation: Cancellation? = nil
    ) throws(PoolingError) {
        var reader = try FieldReader(
            request.fields, tensors: request.tensors, planByteLimit: limits.planByteCount, cancellation: cancellation)
        let isChain = request.endpoint != .unpool && reader.has("layers")
        let hasOps = request.endpoint != .unpool && !isChain && reader.has("ops")
        if !isChain, !hasOps { try request.nested.requirePositions(below: 0, of: "ops") }
        let conversion = MainConversion(request, &reader, isSingle: !isChain && !hasOps)
        let program: any Program
        switch request.endpoint {
        case .forward where isChain:
            (operation, region) = ("layers", "layers")
            let planner = try LayersPlanner(&reader, nested: request.nested, limits)
            let input = try reader.requireKind(.input, "the tensor to pool")
            try reader.finish("a chain of layers")
            program = try planner.forward(input)
        case .backward where isChain:
            (operation, region) = ("layers", "layers")
            let planner = try LayersPlanner(&reader, nested: request.nested, limits)
            let input = try reader.requireKind(.input, "the tensor to pool")
            let gradOutput = try reader.requireKind(.gradOutput, "the gradient of the last layer's output")
            try reader.checkGradient(gradOutput, input)
            try reader.finish("the gradient of a chain of layers")
            program = try planner.backward(input, gradOutput: gradOutput)
        case .forward where hasOps:
            let ops = try OpsPlanner(&reader, nested: request.nested, limits).forward()
            (operation, region, program) = ("ops", ops.region, ops)
        case .backward where hasOps:
            let planner = try OpsPlanner(&reader, nested: request.nested, takesGradients: true, limits)
            let ops = try planner.backward(request.nested)
            (operation, region, program) = ("ops", ops.region, ops)
        case .forward:
            let planner = try ForwardPlanner(&reader, limits)
            (operation, region) = (planner.layer.opName, planner.layer.regionName)
            program = try planner.program()
        case .backward where reader.isUnpool:
            (operation, region) = Self.unpool
            program = try UnpoolGradientProgram(&reader, limits)
        case .backward:
            let planner = try BackwardPlanner(&reader, limits)
            (operation, region) = (planner.layer.opName, planner.layer.regionName)
            program = try planner.program()
        case .unpool:
            (operation, region) = Self.unpool
            program = try UnpoolProgram(&reader, limits)
        }
        self.program = conversion?.around(program) ?? program
        kernel = program.kernelName
        var cost = self.program.cost
        cost.planByteCount = cost.planByteCount.addingSaturating(PlanSize.plan)
        self.cost = cost
        try WorkLimits.checkWork(cost.operations, limit: limits.work)
        notices = request.notices
        let isAlone = request.tensors.count == 1 && request.nested.isEmpty
        main = isAlone ? request.tensors.first?.value.kind : nil
    }

    /// Whether many can be kept.
    package var isSmall: Bool { cost.planByteCount <= 32 << 10 }

    /// Whether this is also the plan of the request with `tensor` in place of its only tensor.
    package func fits(_ tensor: Tensor) -> Bool {
        tensor.elementType == main?.elementType && tensor.shape == main?.shape
    }

    /// Computes the result in at most `slices` independent slices; without a number, in as many as pay.
    ///
    /// - Parameter operands: of the types and shapes that the plan was made for.
    /// - Throws: ``PoolingError`` only for what the data decide (`integer_overflow`, a negative element in a stochastic
    ///   window), for memory that the system does not give, and where `workspace` stopped it.
    package func execute(
        _ operands: Operands, slices: Int? = nil, in workspace: Workspace = Workspace()
    ) throws(PoolingError) -> PoolingResult {
        var workspace = workspace
        if let slices { workspace.threads = slices }
        workspace.slices = slices ?? workspace.sliceCount(of: cost)
        return try program.run(operands, workspace)
    }
}
