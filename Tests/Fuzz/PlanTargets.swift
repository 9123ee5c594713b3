import PoolingEngine
import PoolingWire
import RecycledMemory

/// Requests as JSON, planned and computed: no request may stop the engine, and slices change nothing.
enum PlanTargets {
    /// About ten milliseconds, were it not for the sanitizer.
    private static let limits = PoolingPlan.Limits(resultByteCount: 1 << 16, work: 10_000_000)

    static func plan(_ input: [UInt8]) {
        for endpoint in PoolingRequest.Endpoint.allCases { plan(input, as: endpoint) }
    }

    static func plan(_ input: [UInt8], as endpoint: PoolingRequest.Endpoint) {
        let decoded = try? CodecTargets.reading(input) { body in
            try body.withUnsafeBytes { try JSONCodec.decode($0, as: endpoint) }
        }
        guard let request = decoded?.request, let plan = try? PoolingPlan(request, limits: limits),
            let operands = try? Operands(request)
        else { return }
        precondition(plan.cost.resultByteCount <= limits.resultByteCount, "a result over the limit was planned")
        precondition(plan.cost.operations <= limits.work, "work over the limit was planned")
        let whole = try? plan.execute(operands)
        let sliced = try? plan.execute(operands, slices: 3)
        precondition((whole == nil) == (sliced == nil), "slices change whether it can be done")
        guard let whole, let sliced else { return }
        precondition(
            CodecTargets.text(whole, .b64) == CodecTargets.text(sliced, .b64), "slices change the result")
    }

    static func shape(_ input: [UInt8]) {
        guard
            let query = try? CodecTargets.reading(
                input, { body in try body.withUnsafeBytes { try JSONCodec.decodeFields($0) } })
        else {
            return
        }
        _ = try? ShapeQuery.result(query.fields, elementType: query.elementType)
    }
}
