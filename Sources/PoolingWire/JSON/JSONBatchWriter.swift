package import PoolingEngine
package import RecycledMemory

/// Writes the responses of a batch.
package struct JSONBatchWriter: ~Copyable {
    private var writer: JSONWriter
    private var count = 0

    package init(expecting byteCount: Int, in workspace: Workspace) {
        writer = JSONWriter(expecting: byteCount, in: workspace)
        writer.append(literal: "{\"responses\":[")
    }

    package mutating func append(_ result: PoolingResult, form: TensorForm, notices: [PoolingNotice]) {
        begin()
        writer.append(literal: "{\"status\":200,\"body\":")
        writer.append(result, form: JSONCodec.form(form, for: result))
        end(notices.map(\.text))
    }

    /// - Parameter body: JSON.
    package mutating func append(status: Int, body: [Bytes], notices: [String] = []) {
        begin()
        writer.append(literal: "{\"status\":")
        writer.append(Int64(status))
        writer.append(literal: ",\"body\":")
        writer.append(.success(body))
        end(notices)
    }

    private mutating func end(_ notices: [String]) {
        if !notices.isEmpty {
            writer.append(literal: ",\"notices\":")
            writer.append(.list(notices.map { .string($0) }))
        }
        writer.append(UInt8(ascii: "}"))
    }

    private mutating func begin() {
        if count > 0 { writer.append(UInt8(ascii: ",")) }
        count += 1
    }

    /// The whole body.
    package consuming func finish() throws(WireError) -> [Bytes] {
        writer.append(literal: "]}")
        return try writer.finish()
    }
}
