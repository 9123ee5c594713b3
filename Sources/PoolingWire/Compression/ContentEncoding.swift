package import RecycledMemory

/// The compressions of bodies that HTTP names and this service knows.
package enum ContentEncoding: String, CaseIterable, Sendable {
    case gzip
    /// The zlib format, as RFC 9110 has it; not the bare deflate that some old software sends.
    case deflate
    case zstd

    /// Decompresses a whole body.
    ///
    /// Several gzip members or zstd templates one behind the other are one body, as their formats say.
    ///
    /// Memory is reserved as the body grows.
    ///
    /// - Parameter limit: output beyond this is rejected before memory is taken for it.
    /// - Throws: `malformed_request` for damaged or truncated bytes and for bytes behind the end; a rejection (413) for
    ///   more output than `limit`.
    package func decompress(
        _ body: Bytes, limit: Int, in workspace: Workspace = Workspace()
    ) throws(WireError) -> Bytes {
        try body.withUnsafeBytes { (bytes) throws(WireError) in
            var output = try BoundedOutput(limit: limit, expecting: bytes.count, in: workspace)
            switch self {
            case .gzip, .deflate: try Zlib.decompress(bytes, as: self, into: &output)
            case .zstd: try Zstandard.decompress(bytes, into: &output, workspace)
            }
            return try output.finish()
        }
    }

    /// How many bytes the body says that it holds, where it says so; nothing is checked.
    package func announcedByteCount(_ body: Bytes) -> Int? {
        body.withUnsafeBytes { bytes in
            switch self {
            case .gzip: Zlib.announcedByteCount(bytes)
            case .deflate: nil
            case .zstd: Zstandard.announcedByteCount(bytes)
            }
        }
    }

    /// Compresses a whole body, fast rather than small.
    ///
    /// - Throws: ``WireError/memory(_:)`` where memory is short; the body may then go as it is.
    package func compress(_ body: [Bytes], in workspace: Workspace = Workspace()) throws(WireError) -> [Bytes] {
        var output = ByteRows(expecting: body.byteCount / 4, in: workspace)
        switch self {
        case .gzip, .deflate: try Zlib.compress(body, as: self, into: &output)
        case .zstd: try Zstandard.compress(body, into: &output)
        }
        return output.finish()
    }

    func malformed(_ problem: String, at offset: Int) -> WireError {
        .malformed(.request, offset: offset, detail: "the \(rawValue) body \(problem) (byte \(offset))")
    }
}
