import CZstd
import PoolingEngine
import RecycledMemory

/// zstd, by libzstd.
enum Zstandard {
    /// 8 MiB, the largest window that a body in HTTP may ask for (RFC 9659).
    private static let largestWindowLog: Int32 = 23
    private static let level: Int32 = 1
    /// What one call is given: a few milliseconds.
    private static let step = 1 << 20
    /// What libzstd takes for itself at most: the window and its buffers.
    private static let decompressorByteCount = 9 << 20

    /// The content size of the first template.
    static func announcedByteCount(_ bytes: UnsafeRawBufferPointer) -> Int? {
        let size = ZSTD_getFrameContentSize(bytes.baseAddress, bytes.count)
        // The two largest numbers mean unknown and damaged.
        return size < .max - 1 ? Int(clamping: size) : nil
    }

    static func decompress(
        _ bytes: UnsafeRawBufferPointer, into output: inout BytesBuilder, _ workspace: Workspace
    ) throws(WireError) {
        let encoding = ContentEncoding.zstd
        let lease = try reserve(decompressorByteCount, workspace)
        defer { withExtendedLifetime(lease) {} }
        guard let context = ZSTD_createDCtx() else { throw .memory(.system) }
        defer { ZSTD_freeDCtx(context) }
        ZSTD_DCtx_setParameter(context, ZSTD_d_windowLogMax, largestWindowLog)
        var input = ZSTD_inBuffer(src: bytes.baseAddress, size: bytes.count, pos: 0)
        while true {
            let before = (input.pos, output.count)
            let status = try decompressSome(context, &input, into: &output, workspace)
            guard ZSTD_getErrorCode(status) != ZSTD_error_memory_allocation else { throw .memory(.system) }
            guard ZSTD_isError(status) == 0 else {
                throw encoding.malformed("is damaged: \(String(cString: ZSTD_getErrorName(status)))", at: input.pos)
            }
            if status == 0, input.pos == input.size, input.size > 0 { return }
            guard (input.pos, output.count) != before else { throw encoding.malformed("ends too early", at: input.pos) }
        }
    }

    /// Makes one call of `ZSTD_decompressStream`.
    ///
    /// Where the output is full to its limit, one more byte tells whether the data end there.
    private static func decompressSome(
        _ context: OpaquePointer, _ input: inout ZSTD_inBuffer, into output: inout BytesBuilder, _ workspace: Workspace
    ) throws(WireError) -> Int {
        var status = 0
        let hadRoom = try output.fill(in: workspace) { free in
            var target = ZSTD_outBuffer(dst: free.baseAddress, size: free.count, pos: 0)
            status = ZSTD_decompressStream(context, &target, &input)
            return target.pos
        }
        guard !hadRoom else { return status }
        var beyond: UInt8 = 0
        let overflow = withUnsafeMutableBytes(of: &beyond) { free in
            var target = ZSTD_outBuffer(dst: free.baseAddress, size: free.count, pos: 0)
            status = ZSTD_decompressStream(context, &target, &input)
            return target.pos
        }
        guard overflow == 0 else { throw ContentEncoding.zstd.tooLarge(output.limit) }
        return status
    }

    private static func reserve(_ byteCount: Int, _ workspace: Workspace) throws(WireError) -> MemoryLease {
        do throws(MemoryShortage) {
            return try MemoryLease(byteCount, from: workspace.memory)
        } catch {
            throw .memory(error)
        }
    }

    static func compress(_ body: [Bytes], into output: inout ByteRows) throws(WireError) {
        guard let context = ZSTD_createCCtx() else { throw .memory(.system) }
        defer { ZSTD_freeCCtx(context) }
        ZSTD_CCtx_setParameter(context, ZSTD_c_compressionLevel, level)
        ZSTD_CCtx_setPledgedSrcSize(context, UInt64(body.byteCount))
        for piece in body {
            try piece.withUnsafeBytes { (bytes) throws(WireError) in
                try run(context, bytes, ZSTD_e_continue, into: &output)
            }
        }
        try run(context, UnsafeRawBufferPointer(start: nil, count: 0), ZSTD_e_end, into: &output)
    }

    private static func run(
        _ context: OpaquePointer, _ bytes: UnsafeRawBufferPointer, _ directive: ZSTD_EndDirective,
        into output: inout ByteRows
    ) throws(WireError) {
        var input = ZSTD_inBuffer(src: bytes.baseAddress, size: 0, pos: 0)
        var isDone = false
        while !isDone {
            try output.fill { (free) throws(WireError) in
                input.size = min(bytes.count, input.pos + step)
                var target = ZSTD_outBuffer(dst: free.baseAddress, size: free.count, pos: 0)
                let remaining = ZSTD_compressStream2(context, &target, &input, directive)
                guard ZSTD_isError(remaining) == 0 else { throw .memory(.system) }
                isDone = directive == ZSTD_e_end ? remaining == 0 : input.pos == bytes.count
                return target.pos
            }
        }
    }
}
