import CZstd
import PoolingEngine

/// zstd, by libzstd.
enum Zstandard {
    /// 8 MiB, the largest window that a body in HTTP may ask for (RFC 9659).
    private static let largestWindowLog: Int32 = 23
    private static let level: Int32 = 1

    static func decompress(_ bytes: UnsafeRawBufferPointer, into output: inout BoundedOutput) throws(WireError) {
        let encoding = ContentEncoding.zstd
        guard let context = ZSTD_createDCtx() else { throw encoding.malformed("finds no memory", at: 0) }
        defer { ZSTD_freeDCtx(context) }
        ZSTD_DCtx_setParameter(context, ZSTD_d_windowLogMax, largestWindowLog)
        var input = ZSTD_inBuffer(src: bytes.baseAddress, size: bytes.count, pos: 0)
        while true {
            let before = (input.pos, output.count)
            let status = try decompressSome(context, &input, into: &output)
            guard ZSTD_isError(status) == 0 else {
                throw encoding.malformed("is damaged: \(String(cString: ZSTD_getErrorName(status)))", at: input.pos)
            }
            if status == 0, input.pos == input.size, input.size > 0 { return }
            guard (input.pos, output.count) != before else { throw encoding.malformed("ends too early", at: input.pos) }
        }
    }

    /// Makes one call of `ZSTD_decompressStream`.
    ///
    /// Where the output is full to its limit, one byte beside it tells whether the data end there.
    private static func decompressSome(
        _ context: OpaquePointer, _ input: inout ZSTD_inBuffer, into output: inout BoundedOutput
    ) throws(WireError) -> Int {
        var status = 0
        let hadRoom = output.fill { free in
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
        guard overflow == 0 else { throw output.tooLarge() }
        return status
    }

    static func compress(_ body: EncodedBody, into output: inout BoundedOutput) -> Bool {
        guard let context = ZSTD_createCCtx() else { return false }
        defer { ZSTD_freeCCtx(context) }
        ZSTD_CCtx_setParameter(context, ZSTD_c_compressionLevel, level)
        ZSTD_CCtx_setPledgedSrcSize(context, UInt64(body.byteCount))
        for piece in body.pieces {
            guard piece.withUnsafeBytes({ run(context, $0, ZSTD_e_continue, into: &output) }) else { return false }
        }
        return run(context, UnsafeRawBufferPointer(start: nil, count: 0), ZSTD_e_end, into: &output)
    }

    private static func run(
        _ context: OpaquePointer, _ bytes: UnsafeRawBufferPointer, _ directive: ZSTD_EndDirective,
        into output: inout BoundedOutput
    ) -> Bool {
        var input = ZSTD_inBuffer(src: bytes.baseAddress, size: bytes.count, pos: 0)
        while true {
            var remaining = 0
            _ = output.fill { free in
                var target = ZSTD_outBuffer(dst: free.baseAddress, size: free.count, pos: 0)
                remaining = ZSTD_compressStream2(context, &target, &input, directive)
                return target.pos
            }
            if ZSTD_isError(remaining) != 0 { return false }
            if directive == ZSTD_e_end ? remaining == 0 : input.pos == input.size { return true }
        }
    }
}
