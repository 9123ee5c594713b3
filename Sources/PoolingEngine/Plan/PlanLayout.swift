/// All of a plan but the elements: what to compute for tensors of given types and shapes.
final class PlanLayout: Sendable {
    let operation: String
    let region: String
    let kernel: String
    let cost: Cost
    let program: any Program
    let notices: [PoolingNotice]

    init(_ request: PoolingRequest, _ limits: PoolingPlan.Limits) throws(PoolingRefusal) {
        var reader = try FieldReader(
            request.fields, tensors: request.tensors, elementType: request.elementType, isPicture: request.isPicture)
        switch request.endpoint {
        case .forward:
            let planner = try ForwardPlanner(&reader, limits)
            (operation, region) = (planner.layer.opName, planner.layer.regionName)
            program = try planner.program()
        case .backward where reader.isUnpool:
            (operation, region) = ("unpool", SlidingRegion.descriptor.name)
            let gradient = try UnpoolGradientProgram(&reader, limits)
            program = ConvertedProgram.around(
                gradient, gradient.types, main: .gradOutput, count: request.tensors[.gradOutput]?.count ?? 0)
        case .backward:
            let planner = try BackwardPlanner(&reader, limits)
            (operation, region) = (planner.layer.opName, planner.layer.regionName)
            program = try planner.program()
        case .unpool:
            (operation, region) = ("unpool", SlidingRegion.descriptor.name)
            let unpool = try UnpoolProgram(&reader, limits)
            program = ConvertedProgram.around(
                unpool, unpool.types, main: .input, count: request.tensors[.input]?.count ?? 0)
        }
        kernel = program.kernelName
        cost = program.cost
        try WorkLimits.checkWork(cost.operations, limit: limits.work)
        notices = request.notices
    }
}
