package import PoolingEngine
package import RecycledMemory

/// Hugging Face's file of named tensors (`application/vnd.safetensors`).
package enum SafetensorsCodec {
    /// Reads tensors under the names that they have in JSON; each keeps its own type.
    ///
    /// Aligned tensors are views of `body`; others are copied.
    ///
    /// - Throws: `malformed_safetensors` where the reference implementation gives up too (tensors must cover the file
    ///   without holes or overlaps), `duplicate_key`, and rejections of unknown names and types.
    package static func decode(
        _ body: Bytes, parameters: RequestParameters,
        as endpoint: PoolingRequest.Endpoint, in workspace: Workspace = Workspace()
    ) throws(WireError) -> PoolingRequest {
        let header = try body.withUnsafeBytes { (bytes) throws(WireError) in try SafetensorsHeader(bytes) }
        let data = body[header.byteCount..<body.count]
        var tensors: [TensorPath: Tensor] = [:]
        for entry in header.entries {
            tensors[entry.path] = try TensorBytes.tensor(
                entry.path.text, entry.elementType, shape: entry.shape, data[entry.range], in: workspace)
        }
        return try parameters.request(endpoint, tensors: tensors.plain, nested: tensors.nested, in: workspace)
    }

    /// Writes all tensors of `result`, and `index_base` as metadata.
    ///
    /// Tensors of wide elements come first, so that each is aligned for its type in a file that is.
    package static func encode(_ result: PoolingResult) -> [Bytes] {
        let bySize = Dictionary(grouping: result.labelledTensors) { $0.tensor.elementType.size }
        let ordered = bySize.keys.sorted(by: >).flatMap { bySize[$0] ?? [] }
        let bases = result.indexBases.map { "\"\($0.label)\":\"\($0.base)\"" }
        var members = bases.isEmpty ? [] : ["\"__metadata__\":{\(bases.joined(separator: ","))}"]
        var offset = 0
        for named in ordered {
            members.append(member(named, at: offset))
            offset += named.tensor.byteCount
        }
        let header = headerBytes("{\(members.joined(separator: ","))}")
        return [Bytes(copying: header)] + ordered.map(\.tensor.storage)
    }

    private static func member(_ named: PoolingResult.LabelledTensor, at offset: Int) -> String {
        let tensor = named.tensor
        let shape = tensor.shape.map(String.init).joined(separator: ",")
        return "\"\(named.label)\":{\"dtype\":\"\(ElementTypeNames.safetensors.name(of: tensor.elementType) ?? "")\","
            + "\"shape\":[\(shape)],\"data_offsets\":[\(offset),\(offset + tensor.byteCount)]}"
    }

    private static func headerBytes(_ text: String) -> [UInt8] {
        let alignment = 8
        let padding = (alignment - text.utf8.count % alignment) % alignment
        let length = UInt64(text.utf8.count + padding)
        return withUnsafeBytes(of: length.littleEndian) { Array($0) } + Array(text.utf8)
            + [UInt8](repeating: UInt8(ascii: " "), count: padding)
    }
}
