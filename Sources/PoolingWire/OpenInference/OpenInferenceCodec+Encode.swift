package import PoolingEngine
package import RecycledMemory

extension OpenInferenceCodec {
    /// A response: JSON, and behind it the bytes of the binary tensors.
    package struct Encoded: Sendable {
        package let body: [Bytes]
        /// For the header `Inference-Header-Content-Length`; nil where all of the body is JSON.
        package let jsonByteCount: Int?

        package var mediaType: String { jsonByteCount == nil ? MediaType.json : MediaType.octetStream }
    }

    /// Writes the tensors that the request asks for.
    ///
    /// Non-finite numbers are the strings `"NaN"`, `"Infinity"` and `"-Infinity"`: JSON has no others, and Triton's
    /// client reads them. `index_base` is a parameter of the response.
    ///
    /// - Throws: a rejection where the request names an output that `result` does not have.
    package static func encode(
        _ result: PoolingResult, for options: OpenInferenceResponseOptions, in workspace: Workspace = Workspace()
    ) throws(WireError) -> Encoded {
        let outputs = try select(result, options)
        let text = outputs.reduce(256) { $0 + ($1.isBinary ? 0 : $1.tensor.textSize(.flat)) }
        var writer = JSONWriter(expecting: text, in: workspace)
        writer.append(UInt8(ascii: "{"))
        if let id = options.id {
            writer.append(name: "id")
            writer.append(id)
            writer.append(UInt8(ascii: ","))
        }
        writer.append(name: "model_name")
        writer.append(options.endpoint.rawValue)
        writer.append(literal: ",\"model_version\":\"1\"")
        let bases = result.indexBases.map { Field($0.label, .string($0.base)) }
        if !bases.isEmpty {
            writer.append(literal: ",\"parameters\":")
            writer.append(bases)
        }
        writer.append(literal: ",\"outputs\":[")
        for (index, output) in outputs.enumerated() {
            if index > 0 { writer.append(UInt8(ascii: ",")) }
            append(output, to: &writer)
        }
        writer.append(literal: "]}")
        let json = try writer.finish()
        let binary = outputs.filter(\.isBinary).map(\.tensor.storage)
        return Encoded(
            body: json + binary,
            jsonByteCount: binary.isEmpty ? nil : json.byteCount)
    }

    private struct Output {
        let name: String
        let tensor: Tensor
        let isBinary: Bool
    }

    private static func select(
        _ result: PoolingResult, _ options: OpenInferenceResponseOptions
    ) throws(WireError) -> [Output] {
        guard let selection = options.selection else {
            return result.labelledTensors.map { Output(name: $0.label, tensor: $0.tensor, isBinary: options.isBinary) }
        }
        var outputs: [Output] = []
        for (index, selected) in selection.enumerated() {
            guard let tensor = result.labelledTensors.first(where: { $0.label == selected.name })?.tensor else {
                throw .rejected(
                    PoolingError(
                        .unsupportedCombination, at: "outputs/\(index)/name",
                        "this request has no \(selected.name)"))
            }
            outputs.append(Output(name: selected.name, tensor: tensor, isBinary: selected.isBinary))
        }
        return outputs
    }

    private static func append(_ output: Output, to writer: inout JSONWriter) {
        writer.append(literal: "{\"name\":")
        writer.append(output.name)
        writer.append(literal: ",\"datatype\":")
        writer.append(output.tensor.elementType.openInferenceName)
        writer.append(literal: ",\"shape\":")
        writer.append(output.tensor.shape)
        if output.isBinary {
            writer.append(literal: ",\"parameters\":")
            writer.append([Field("binary_data_size", .number(FieldNumber(output.tensor.byteCount)))])
        } else {
            writer.append(literal: ",\"data\":")
            writer.appendElements(output.tensor, shape: [output.tensor.count])
        }
        writer.append(UInt8(ascii: "}"))
    }
}
