import Glibc

/// Reads whole files without ever waiting for them.
package enum RegularFile {
    package enum Failure: Error {
        /// Not a regular file: reading a pipe or a terminal could wait for ever.
        case notRegular
        case tooLarge
        /// With the system's error number.
        case unreadable(Int32)
    }

    package static func read(_ path: String, limit: Int) throws(Failure) -> [UInt8] {
        // Opening a pipe to which nobody writes waits too.
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { throw .unreadable(errno) }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw .unreadable(errno) }
        guard status.st_mode & S_IFMT == S_IFREG else { throw .notRegular }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 4096)
        while bytes.count <= limit {
            let count = Glibc.read(descriptor, &chunk, chunk.count)
            guard count > 0 else {
                if count == 0 { return bytes }
                throw .unreadable(errno)
            }
            bytes += chunk[..<count]
        }
        throw .tooLarge
    }
}
