import PoolingEngine
import PoolingWire

/// The catalogue with what belongs to this instance.
package enum OperationsDocument {
    private static let nestingLimit = 64

    package static func json(_ configuration: Configuration) -> [UInt8] {
        json(
            workers: configuration.workers, bodyLimit: configuration.maxBody, resultLimit: configuration.maxResult)
    }

    static func json(workers: Int, bodyLimit: Int, resultLimit: Int) -> [UInt8] {
        let limits = [
            number("max_body", bodyLimit), number("max_result", resultLimit), number("max_depth", nestingLimit),
        ]
        return JSONCodec.encode(
            [
                Field("version", .string(BuildInfo.version)),
                Field("instruction_set", .string(BuildInfo.instructionSet)),
                number("workers", workers),
            ] + PoolingCatalog.describe() + [Field("limits", .object(limits))])
    }

    private static func number(_ name: String, _ value: Int) -> Field { Field(name, .number(FieldNumber(value))) }
}
