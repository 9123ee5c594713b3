/// All of a plan but the elements: what to compute for tensors of given types and shapes.
package final class PlanLayout: Sendable {
    let operation: String
    let region: String
    let kernel: String
    let cost: Cost
    let program: any Program
    let notices: [PoolingNotice]
    /// The only tensor of the request; nil where there are several.
    private let main: TensorKind?

    /// What unpooling is called in logs and metrics: it undoes pooling over the default region.
    private static let unpool = (PoolingRequest.Endpoint.unpool.rawValue, PoolingCatalog.defaultRegion.descriptor.name)

    init(_ request: PoolingRequest, _ limits: PoolingPlan.Limits) throws(PoolingError) {
        var reader = try FieldReader(request.fields, tensors: request.tensors)
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
        cost = self.program.cost
        try WorkLimits.checkWork(cost.operations, limit: limits.work)
        notices = request.notices
        let isAlone = request.tensors.count == 1 && request.nested.isEmpty
        main = isAlone ? Operands(request)?.main.kind : nil
    }

    /// Whether many can be kept.
    package var isSmall: Bool { program.tableSize <= 512 }

    /// The plan of a request that differs from the one that this was made for in the elements of its only tensor.
    ///
    /// - Returns: nil where type or shape differ too.
    package func plan(on tensor: Tensor) -> PoolingPlan? {
        guard let main, tensor.elementType == main.elementType, tensor.shape == main.shape else { return nil }
        return PoolingPlan(self, Operands(main: tensor))
    }
}
