/// What kind of file some bytes are, by their first few, to tell somebody who sent the wrong one.
enum FileKind {
    private static let signatures: [(offset: Int, bytes: [UInt8], name: String)] = [
        (0, [0xff, 0xd8, 0xff], "a JPEG"),
        (0, Array("GIF8".utf8), "a GIF"),
        (8, Array("WEBP".utf8), "a WebP"),
        (0, Array("BM".utf8), "a BMP"),
        (0, Array("II*\0".utf8), "a TIFF"),
        (0, Array("MM\0*".utf8), "a TIFF"),
        (4, Array("ftyp".utf8), "an AVIF, HEIC or MP4 file"),
        (0, [0x89] + Array("PNG".utf8), "a PNG"),
        (0, NpyHeader.magic, "an npy file"),
        (0, Array("PK\u{3}\u{4}".utf8), "a zip or npz archive"),
        (0, [0x1f, 0x8b], "gzip data"),
        (0, [0x28, 0xb5, 0x2f, 0xfd], "zstd data"),
        (0, Array("%PDF".utf8), "a PDF"),
        (0, Array("{".utf8), "JSON"),
        (0, Array("[".utf8), "JSON"),
    ]

    /// The kind with its article; nil where the bytes tell nothing.
    static func name(of bytes: UnsafeRawBufferPointer) -> String? {
        signatures.first { bytes.dropFirst($0.offset).starts(with: $0.bytes) }?.name
    }

    /// `expected a PNG, got a JPEG`; nil where the bytes tell nothing.
    static func mistake(expected: String, _ bytes: UnsafeRawBufferPointer) -> String? {
        name(of: bytes).map { "expected \(expected), got \($0)" }
    }

    static let emptyBody = "the request body is empty (byte 0)"
}
