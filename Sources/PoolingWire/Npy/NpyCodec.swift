package import PoolingEngine
package import RecycledMemory

/// numpy's file of one array (`application/x-npy`).
package enum NpyCodec {
    /// Reads a file of version 1, 2 or 3 as the main tensor: `input`, or `grad_output` in backward.
    ///
    /// Little-endian elements in C order that are aligned are a view of `body`; others are copied.
    ///
    /// - Throws: `malformed_npy`, also where the length of the elements is not exactly what the header says; a rejection
    ///   of types that no tensor here has (pickled objects, strings, structures), and of another `dtype`.
    package static func decode(
        _ body: Bytes, parameters: RequestParameters, as endpoint: PoolingRequest.Endpoint,
        in workspace: Workspace = Workspace()
    ) throws(WireError) -> PoolingRequest {
        let header = try body.withUnsafeBytes { (bytes) throws(WireError) in try NpyHeader(bytes) }
        let elements = body[header.byteCount..<body.count]
        guard let byteCount = TensorBytes.count(of: header.elementType, shape: header.shape),
            byteCount == elements.count
        else {
            throw NpyHeader.malformed(
                "the shape \(header.shape) of \(header.elementType.rawValue) does not match the \(elements.count) bytes"
                    + " after the header", at: header.byteCount)
        }
        let name = TensorName.main(of: endpoint)
        let stored = try TensorBytes.tensor(
            name.rawValue, header.elementType, shape: header.isFortranOrder ? header.shape.reversed() : header.shape,
            elements, in: workspace)
        let native = header.isBigEndian ? try TensorBytes.byteSwapped(stored, in: workspace) : stored
        let ordered = header.isFortranOrder ? try Transposition.reversingAxes(of: native, in: workspace) : native
        return try parameters.request(endpoint, tensors: [name: ordered], in: workspace)
    }

    /// Writes the one tensor of `result` as a version 1 file in C order.
    package static func encode(_ result: PoolingResult) throws(EncodingRejection) -> [Bytes] {
        let tensors = result.labelledTensors
        guard tensors.count == 1, let tensor = tensors.first?.tensor else {
            let names = tensors.map(\.label).joined(separator: " and ")
            throw EncodingRejection(
                "npy holds one tensor; the response has \(names)",
                alternatives: [MediaType.safetensors, MediaType.json])
        }
        guard let header = NpyHeader.bytes(for: tensor) else {
            throw EncodingRejection(
                "npy has no type \(tensor.elementType.rawValue)", alternatives: [MediaType.safetensors, MediaType.json])
        }
        return [Bytes(copying: header), tensor.storage]
    }
}
