package import PoolingEngine
package import RecycledMemory

/// Inference requests and responses of the KServe Open Inference Protocol v2, with Triton's binary tensor extension.
package enum OpenInferenceCodec {
    /// Reads a request: JSON, and behind it the bytes of tensors that have `binary_data_size`, in the order of `inputs`.
    ///
    /// - Parameter headerLength: the header `Inference-Header-Content-Length`, the byte count of the JSON; without it
    ///   all of the body is JSON.
    /// - Throws: `malformed_request` where the lengths do not add up and for shared memory; otherwise as JSON requests.
    package static func decode(
        _ body: Bytes, headerLength: String?, as endpoint: PoolingRequest.Endpoint,
        in workspace: Workspace = Workspace()
    ) throws(WireError) -> DecodedRequest {
        let jsonByteCount = try jsonByteCount(headerLength, of: body.count)
        return try body[0..<jsonByteCount].withUnsafeBytes { (json) throws(WireError) in
            try decode(json, body[jsonByteCount..<body.count], as: endpoint, in: workspace)
        }
    }

    private static func decode(
        _ json: UnsafeRawBufferPointer, _ binary: Bytes, as endpoint: PoolingRequest.Endpoint, in workspace: Workspace
    ) throws(WireError) -> DecodedRequest {
        var document = try OpenInferenceDocument(json, in: workspace)
        let parameters = try OpenInferenceParameters(document.parameters)
        var inputs = OpenInferenceInputs(json: json, binary: binary, in: workspace)
        for index in document.inputs.indices { try inputs.take(document.takeInput(index), at: index) }
        let tensors = try inputs.finish()
        let options = try OpenInferenceResponseOptions(
            id: document.id, outputs: document.outputs, isBinary: parameters.isBinaryOutput, endpoint: endpoint)
        var request = try parameters.parameters.request(
            endpoint, tensors: tensors.plain, nested: tensors.nested, in: workspace)
        askForIndices(options, in: &request.fields)
        var decoded = DecodedRequest(request, form: .flat)
        (decoded.responseOptions, decoded.timeoutMicroseconds) = (options, parameters.timeoutMicroseconds)
        return decoded
    }

    private static func jsonByteCount(_ headerLength: String?, of bodyByteCount: Int) throws(WireError) -> Int {
        guard let headerLength else { return bodyByteCount }
        let isDecimal = headerLength.utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
        guard isDecimal, let count = Int(headerLength), (1...max(bodyByteCount, 1)).contains(count),
            count <= bodyByteCount
        else {
            throw .malformed(
                .request, offset: nil,
                detail: "Inference-Header-Content-Length is \(headerLength.prefix(24)), and the body has"
                    + " \(bodyByteCount) bytes; raw binary requests without JSON are not supported")
        }
        return count
    }

    /// Naming `indices` among the outputs is asking for them.
    private static func askForIndices(_ options: OpenInferenceResponseOptions, in fields: inout [Field]) {
        guard options.wantsIndices, !fields.contains(where: { $0.name == "return_indices" }) else { return }
        fields.append(Field("return_indices", .bool(true)))
    }
}
