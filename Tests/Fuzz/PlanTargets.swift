import PoolingEngine
import PoolingWire

/// Requests as JSON, planned and computed: no request may stop the engine, and slices change nothing.
enum PlanTargets {
    private static let limits = PoolingPlan.Limits(resultByteCount: 1 << 16)
    private static let largestCost = 1 << 18

    static func plan(_ input: [UInt8]) {
        for endpoint in PoolingRequest.Endpoint.allCases {
            let decoded = try? CodecTargets.reading(input) { body, _ in try JSONCodec.decode(body, as: endpoint) }
            guard let request = decoded?.request, let plan = try? PoolingPlan(request, limits: limits),
                plan.cost.operations <= largestCost
            else { continue }
            precondition(plan.cost.resultByteCount <= limits.resultByteCount, "a result over the limit was planned")
            let whole = try? plan.execute()
            let sliced = try? plan.execute(slices: 3)
            precondition((whole == nil) == (sliced == nil), "slices change whether it can be done")
            guard let whole, let sliced else { continue }
            precondition(
                CodecTargets.text(whole, .b64) == CodecTargets.text(sliced, .b64), "slices change the result")
        }
    }

    static func shape(_ input: [UInt8]) {
        guard let query = try? CodecTargets.reading(input, { body, _ in try JSONCodec.decodeFields(body) }) else {
            return
        }
        _ = try? ShapeQuery.answer(query.fields, elementType: query.elementType)
    }
}
