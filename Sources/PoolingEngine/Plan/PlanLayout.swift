/// All of a plan but the elements: what to compute for tensors of given types and shapes.
final class PlanLayout: Sendable {
    let operation: String
    let region: String
    let kernel: String
    let cost: Cost
    let program: any Program
    let notices: [PoolingNotice]

    init(_ request: PoolingRequest, _ limits: PoolingPlan.Limits) throws(PoolingRefusal) {
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
        kernel = program.kernelName
        cost = program.cost
        try WorkLimits.checkWork(cost.operations, limit: limits.work)
        notices = request.notices
    }
}
