package import PoolingEngine
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
            var output = BytesBuilder(limit: limit, account: workspace.memory)
            try output.grow(to: min(limit, bytes.count))
            switch self {
            case .gzip, .deflate: try Zlib.decompress(bytes, as: self, into: &output, workspace)
            case .zstd: try Zstandard.decompress(bytes, into: &output, workspace)
            }
            return output.finish(tolerating: 0)
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

    func tooLarge(_ limit: Int) -> WireError {
        .rejected(PoolingError(.resultTooLarge, at: "", "the body decompresses to more than \(limit) bytes"))
    }

    func malformed(_ problem: String, at offset: Int) -> WireError {
        .malformed(.request, offset: offset, detail: "the \(rawValue) body \(problem) (byte \(offset))")
    }
}

extension BytesBuilder {
    /// What is filled at a time: a few milliseconds of decompressing.
    private static let step = 1 << 20

    /// Lets `body` fill what is free, growing first where nothing is.
    ///
    /// - Parameter body: gets the free bytes and returns how many it has filled.
    /// - Returns: false where the limit leaves nothing free; `body` is then not called.
    mutating func fill(
        in workspace: Workspace, _ body: (UnsafeMutableRawBufferPointer) -> Int
    ) throws(WireError) -> Bool {
        try workspace.checkpoint()
        if count == capacity {
            guard count < limit else { return false }
            if let capacity = capacity(for: 1) { try grow(to: capacity) }
        }
        fill { free in body(UnsafeMutableRawBufferPointer(rebasing: free.prefix(Self.step))) }
        return true
    }
}
