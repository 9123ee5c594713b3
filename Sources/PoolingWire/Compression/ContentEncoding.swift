package import PoolingEngine

/// The compressions of bodies that HTTP names and this service knows.
package enum ContentEncoding: String, CaseIterable, Sendable {
    case gzip
    /// The zlib format, as RFC 9110 has it; not the bare deflate that some old software sends.
    case deflate
    case zstd

    /// Decompresses a whole body.
    ///
    /// Several gzip members or zstd frames one behind the other are one body, as their formats say.
    ///
    /// - Parameter limit: output beyond this is refused before memory is taken for it.
    /// - Throws: `malformed_request` for damaged or truncated bytes and for bytes behind the end; a refusal (413) for
    ///   more output than `limit`.
    package func decompress(_ bytes: UnsafeRawBufferPointer, limit: Int) throws(WireError) -> TensorStorage {
        var output = BoundedOutput(limit: limit, expecting: bytes.count)
        switch self {
        case .gzip, .deflate: try Zlib.decompress(bytes, as: self, into: &output)
        case .zstd: try Zstandard.decompress(bytes, into: &output)
        }
        return output.finish()
    }

    /// Compresses a whole body, fast rather than small.
    ///
    /// - Returns: nil where memory is short; the body may then go as it is.
    package func compress(_ body: EncodedBody) -> EncodedBody? {
        var output = BoundedOutput(limit: .max, expecting: body.byteCount / 4)
        let isComplete =
            switch self {
            case .gzip, .deflate: Zlib.compress(body, as: self, into: &output)
            case .zstd: Zstandard.compress(body, into: &output)
            }
        return isComplete ? EncodedBody([output.finish()]) : nil
    }

    func malformed(_ problem: String, at offset: Int) -> WireError {
        .malformed(.request, offset: offset, detail: "the \(rawValue) body \(problem) (byte \(offset))")
    }
}
