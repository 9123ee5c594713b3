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
        (0, Array(PNGReader.signature.prefix(4)), "a PNG"),
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

    /// What is wrong with text that is not JSON in UTF-8 from its first byte on; nil where that is not the mistake.
    static func text(_ bytes: UnsafeBufferPointer<UInt8>) -> String? {
        if bytes.starts(with: [0xef, 0xbb, 0xbf]) {
            return "the body starts with a byte-order mark; send UTF-8 without one"
        }
        if isUTF16(bytes) { return "the body is UTF-16; send UTF-8" }
        guard let name = formName(bytes) else { return nil }
        let example = #"{"op":"max","kernel":2,"input":[[1,2],[3,4]]}"#
        return "the body is form data ('\(name)=…'); send JSON, such as \(example)"
    }

    /// By its byte-order mark, or by a brace and another character.
    private static func isUTF16(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        if bytes.starts(with: [0xff, 0xfe]) || bytes.starts(with: [0xfe, 0xff]) { return true }
        let brace = UInt8(ascii: "{")
        return bytes.starts(with: [0, brace, 0]) || bytes.starts(with: [brace, 0]) && bytes.count > 2 && bytes[2] != 0
    }

    /// The first name of a form, `name=value&…`.
    private static func formName(_ bytes: UnsafeBufferPointer<UInt8>) -> String? {
        let isLetter = { (byte: UInt8) in UInt8(ascii: "a")...UInt8(ascii: "z") ~= byte || byte == UInt8(ascii: "_") }
        let name = bytes.prefix(64).prefix(while: isLetter)
        guard !name.isEmpty, name.endIndex < bytes.count, bytes[name.endIndex] == UInt8(ascii: "=") else { return nil }
        return String(decoding: name, as: UTF8.self)
    }

    static let emptyBody = "the request body is empty (byte 0)"
}
