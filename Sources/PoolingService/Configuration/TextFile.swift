import MicroHTTP

/// Reads small text files: keys, and what the kernel tells about the process.
enum TextFile {
    /// No file that is read here is larger.
    private static let limit = 1 << 20

    /// The whole text without a byte-order mark; nil where the file cannot be read, is larger than 1 MiB, is not a regular
    /// file or is not UTF-8.
    static func read(_ path: String) -> String? {
        guard let bytes = try? RegularFile.read(path, limit: limit),
            let text = String(validating: bytes, as: UTF8.self)
        else { return nil }
        return text.unicodeScalars.first == "\u{FEFF}" ? String(text.unicodeScalars.dropFirst()) : text
    }
}
