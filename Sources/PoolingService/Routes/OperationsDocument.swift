import PoolingEngine
import PoolingWire
import RecycledMemory

/// The catalogue with the version and the limits of this instance.
package enum OperationsDocument {
    private static let nestingLimit = 64

    package static func text(_ configuration: Configuration) throws -> [UInt8] {
        let limits = PoolingPlan.Limits(resultByteCount: configuration.maxResult, work: configuration.maxWork)
        return try json(workers: configuration.workers, bodyLimit: configuration.maxBody, limits).joined()
    }

    static func json(workers: Int, bodyLimit: Int, _ limits: PoolingPlan.Limits) throws(WireError) -> [Bytes] {
        let limits = [
            number("max_body", bodyLimit), number("max_result", limits.resultByteCount),
            number("max_work", limits.work), number("max_depth", nestingLimit),
            number("max_batch", JSONBatch.counts.upperBound),
        ]
        return try JSONCodec.encode(
            .object(
                [
                    Field("version", .string(BuildInfo.version)),
                    Field("instruction_set", .string(BuildInfo.instructionSet)),
                    number("workers", workers),
                ] + PoolingCatalog.describe() + [Field("limits", .object(limits))]))
    }

    private static func number(_ name: String, _ value: Int) -> Field { Field(name, .number(FieldNumber(value))) }
}
