import CZlib
import PoolingEngine
import RecycledMemory

/// gzip and the zlib format, by zlib.
enum Zlib {
    /// The largest window, and how zlib is told the format around the compressed data.
    private static func windowBits(_ encoding: ContentEncoding) -> Int32 {
        encoding == .gzip ? MAX_WBITS + 16 : MAX_WBITS
    }

    /// zlib counts bytes in 32 bits; and a call that takes more takes long.
    private static func counted(_ count: Int) -> UInt32 { UInt32(min(count, 1 << 20)) }

    /// The last four bytes of gzip are the length of the last member, modulo 2^32.
    static func announcedByteCount(_ bytes: UnsafeRawBufferPointer) -> Int? {
        guard bytes.count >= 18 else { return nil }
        return Int(UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: bytes.count - 4, as: UInt32.self)))
    }

    static func decompress(
        _ bytes: UnsafeRawBufferPointer, as encoding: ContentEncoding, into output: inout BytesBuilder,
        _ workspace: Workspace
    ) throws(WireError) {
        var stream = z_stream()
        guard
            inflateInit2_(&stream, windowBits(encoding), ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK
        else { throw .memory(.system) }
        defer { inflateEnd(&stream) }
        var offset = 0
        while true {
            let input = UnsafeRawBufferPointer(rebasing: bytes[offset...])
            let (status, taken) = try inflateSome(&stream, input, as: encoding, into: &output, workspace)
            offset += taken
            switch status {
            case Z_OK: continue
            case Z_STREAM_END where offset == bytes.count: return
            case Z_STREAM_END where encoding == .gzip: inflateReset(&stream)
            case Z_STREAM_END: throw encoding.malformed("goes on behind its end", at: offset)
            case Z_BUF_ERROR: throw encoding.malformed("ends too early", at: offset)
            case Z_MEM_ERROR: throw .memory(.system)
            default: throw encoding.malformed("is damaged", at: offset)
            }
        }
    }

    /// Makes one call of `inflate`.
    ///
    /// Where the output is full to its limit, one more byte tells whether the data end there.
    private static func inflateSome(
        _ stream: inout z_stream, _ input: UnsafeRawBufferPointer, as encoding: ContentEncoding,
        into output: inout BytesBuilder, _ workspace: Workspace
    ) throws(WireError) -> (status: Int32, taken: Int) {
        var status = Z_OK
        let hadRoom = try output.fill(in: workspace) { free in
            status = run(&stream, input, to: free, inflate, Z_NO_FLUSH)
            return Int(counted(free.count)) - Int(stream.avail_out)
        }
        if !hadRoom {
            var beyond: UInt8 = 0
            status = withUnsafeMutableBytes(of: &beyond) { run(&stream, input, to: $0, inflate, Z_NO_FLUSH) }
            guard stream.avail_out == 1 else { throw encoding.tooLarge(output.limit) }
        }
        return (status, Int(counted(input.count)) - Int(stream.avail_in))
    }

    static func compress(
        _ body: [Bytes], as encoding: ContentEncoding, into output: inout ByteRows
    ) throws(WireError) {
        var stream = z_stream()
        let status = deflateInit2_(
            &stream, Z_BEST_SPEED, Z_DEFLATED, windowBits(encoding), 8, Z_DEFAULT_STRATEGY, ZLIB_VERSION,
            Int32(MemoryLayout<z_stream>.size))
        guard status == Z_OK else { throw .memory(.system) }
        defer { deflateEnd(&stream) }
        for piece in body {
            try piece.withUnsafeBytes { (bytes) throws(WireError) in try deflateAll(&stream, bytes, into: &output) }
        }
        var isDone = false
        while !isDone {
            try output.fill { (free) throws(WireError) in
                let status = run(&stream, UnsafeRawBufferPointer(start: nil, count: 0), to: free, deflate, Z_FINISH)
                guard status == Z_OK || status == Z_STREAM_END else { throw .memory(.system) }
                isDone = status == Z_STREAM_END
                return Int(counted(free.count)) - Int(stream.avail_out)
            }
        }
    }

    private static func deflateAll(
        _ stream: inout z_stream, _ bytes: UnsafeRawBufferPointer, into output: inout ByteRows
    ) throws(WireError) {
        var rest = bytes
        while !rest.isEmpty {
            try output.fill { free in
                _ = run(&stream, rest, to: free, deflate, Z_NO_FLUSH)
                let taken = Int(counted(rest.count)) - Int(stream.avail_in)
                rest = UnsafeRawBufferPointer(rebasing: rest[taken...])
                return Int(counted(free.count)) - Int(stream.avail_out)
            }
        }
    }

    private static func run(
        _ stream: inout z_stream, _ input: UnsafeRawBufferPointer, to output: UnsafeMutableRawBufferPointer,
        _ step: (UnsafeMutablePointer<z_stream>?, Int32) -> Int32, _ flush: Int32
    ) -> Int32 {
        // zlib reads through a pointer that it merely does not declare const.
        stream.next_in = UnsafeMutablePointer(mutating: input.bindMemory(to: UInt8.self).baseAddress)
        stream.avail_in = counted(input.count)
        stream.next_out = output.bindMemory(to: UInt8.self).baseAddress
        stream.avail_out = counted(output.count)
        return step(&stream, flush)
    }
}
