/// Adds up what several programs cost: of several ops, of a chain of layers, or of a batch.
package struct CostTotal: Sendable {
    /// What planning one of many programs takes.
    private static let planning = 8000
    private static let planningOfCell = 25

    package private(set) var cost = Cost(operations: 0, resultByteCount: 0)
    /// Those of the next program, whose plan is kept with the plans so far.
    package private(set) var limits: PoolingPlan.Limits

    package init(_ limits: PoolingPlan.Limits) { self.limits = limits }

    /// Adds a program, one after the other.
    ///
    /// - Parameter keepsPlan: false where its plan has been added before.
    /// - Throws: ``PoolingError`` where all together are over a limit; this one is then left out.
    package mutating func add(
        _ part: Cost, keepsResult: Bool = true, keepsPlan: Bool = true
    ) throws(PoolingError) {
        let operations = cost.operations.addingSaturating(part.operations)
        let resultByteCount = cost.resultByteCount.addingSaturating(keepsResult ? part.resultByteCount : 0)
        let planByteCount = keepsPlan ? part.planByteCount : 0
        try WorkLimits.checkWork(operations, limit: limits.work)
        try WorkLimits.checkTotal(resultByteCount, limit: limits.resultByteCount)
        try limits.checkPlan(planByteCount)
        limits.plannedByteCount = limits.plannedByteCount.addingSaturating(planByteCount)
        cost = Cost(
            operations: operations, resultByteCount: resultByteCount,
            scratchByteCount: max(cost.scratchByteCount, part.scratchByteCount),
            threadByteCount: max(cost.threadByteCount, part.threadByteCount),
            planByteCount: cost.planByteCount.addingSaturating(planByteCount))
    }

    /// Counts the planning of a part, before it is planned.
    ///
    /// - Parameter cells: of tensors in the shape of the kernel, each of which is looked at.
    mutating func addPlanning(cells: Int = 0) throws(PoolingError) {
        let operations = Self.planning.addingSaturating(cells.multipliedSaturating(by: Self.planningOfCell))
        try add(Cost(operations: operations, resultByteCount: 0))
    }

    mutating func addResult(_ byteCount: Int) throws(PoolingError) {
        try add(Cost(operations: 0, resultByteCount: byteCount))
    }

    mutating func addScratch(_ byteCount: Int) {
        cost.scratchByteCount = cost.scratchByteCount.addingSaturating(byteCount)
    }
}
