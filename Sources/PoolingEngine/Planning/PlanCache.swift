import Sharding

/// Makes plans, and remembers the last few hundred, since the same few layers come again and again.
///
/// For requests that have no template with a plan of its own: those in other formats, and those that are large.
///
/// Only what fields, types and shapes decide is kept. A request with any other tensor than `input` and `grad_output`
/// (indices, weights, boxes, lengths, ...) is planned afresh, because the elements of that tensor have a say; so is what
/// was rejected. A plan from here is the same as one that ``PoolingPlan`` makes afresh.
package final class PlanCache: Sendable {
    /// All that a plan depends on.
    private struct Key: Hashable, Sendable {
        let endpoint: PoolingRequest.Endpoint
        let fields: [Field]
        let main: TensorKind
        let input: TensorKind?
        /// What ``main`` is converted to first.
        let elementType: ElementType?
        let isPicture: Bool
        let limits: PoolingPlan.Limits

        /// Nil where elements of a tensor decide too.
        init?(_ request: PoolingRequest, _ operands: Operands, _ limits: PoolingPlan.Limits) {
            guard request.nested.isEmpty, request.tensors.keys.allSatisfy({ $0 == .input || $0 == .gradOutput }) else {
                return nil
            }
            endpoint = request.endpoint
            fields = request.fields
            main = operands.main.kind
            input = operands.input?.kind
            (elementType, isPicture) = (request.elementType, request.isPicture)
            // What is kept with a plan decides whether it is made, and nothing about it.
            self.limits = PoolingPlan.Limits(resultByteCount: limits.resultByteCount, work: limits.work)
        }

        /// Bytes of its fields, about.
        var byteCount: Int { fields.reduce(0) { $0 + $1.value.count } * MemoryLayout<Field>.stride }
    }

    /// Two generations: when the younger is full the older is forgotten, and what is asked for moves to the younger.
    private struct Generations: Sendable {
        /// In one generation: plans, and bytes of them and of what they are found by.
        static let largestCount = 128
        static let largestByteCount = 1 << 20

        private var younger: [Key: PoolingPlan] = [:]
        private var older: [Key: PoolingPlan] = [:]
        private var byteCount = 0

        var count: Int { younger.count + older.count }

        mutating func find(_ key: Key) -> PoolingPlan? {
            if let plan = younger[key] { return plan }
            guard let plan = older[key] else { return nil }
            keep(plan, for: key)
            return plan
        }

        /// Keeps a plan, unless it takes much of the room.
        mutating func keep(_ plan: PoolingPlan, for key: Key) {
            let size = plan.cost.planByteCount.addingSaturating(key.byteCount)
            guard size <= Self.largestByteCount / 4 else { return }
            if younger.count == Self.largestCount || byteCount + size > Self.largestByteCount {
                (older, younger, byteCount) = (younger, [:], 0)
            }
            if younger.updateValue(plan, forKey: key) == nil { byteCount += size }
        }
    }

    private let kept = ThreadShards(Generations())

    package init() {}

    /// How many are remembered.
    package var count: Int { kept.contents.reduce(0) { $0 + $1.count } }

    /// Checks `request` as ``PoolingPlan/init(_:limits:cancellation:)`` does.
    package func plan(
        _ request: PoolingRequest, limits: PoolingPlan.Limits, cancellation: Cancellation? = nil
    ) throws(PoolingError) -> PoolingPlan {
        guard let operands = try? Operands(request), let key = Key(request, operands, limits) else {
            return try PoolingPlan(request, limits: limits, cancellation: cancellation)
        }
        if let plan = kept.withOwn({ $0.find(key) }) { return plan }
        let plan = try PoolingPlan(request, limits: limits, cancellation: cancellation)
        kept.withOwn { $0.keep(plan, for: key) }
        return plan
    }
}

extension FieldValue {
    /// Values in it, itself included.
    fileprivate var count: Int {
        switch self {
        case .null, .bool, .number: 1
        case .string(let text): 1 + text.utf8.count / MemoryLayout<Field>.stride
        case .list(let entries): entries.reduce(1) { $0 + $1.count }
        case .object(let fields): fields.reduce(1) { $0 + $1.value.count }
        }
    }
}
