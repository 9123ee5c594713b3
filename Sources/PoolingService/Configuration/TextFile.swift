import Glibc

/// Reads small text files: keys, and what the kernel tells about the process.
enum TextFile {
    /// No file that is read here is larger.
    private static let limit = 1 << 20

    /// The whole text; nil where the file cannot be read, is larger than 1 MiB or is no UTF-8.
    static func read(_ path: String) -> String? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 4096)
        while bytes.count <= limit {
            let count = Glibc.read(descriptor, &chunk, chunk.count)
            guard count > 0 else { return count == 0 ? String(validating: bytes, as: UTF8.self) : nil }
            bytes += chunk[..<count]
        }
        return nil
    }
}
