import Glibc
import PoolingService

/// A log that goes into a pipe.
final class CapturedLog {
    let log: Log
    private let readEnd: Int32
    private let writeEnd: Int32
    private var isOpen = true

    struct PipeError: Error {}

    init(level: LogLevel = .info, format: LogFormat = .text) throws {
        var ends: [Int32] = [0, 0]
        guard pipe(&ends) == 0 else { throw PipeError() }
        readEnd = ends[0]
        writeEnd = ends[1]
        log = Log(format: format, level: level, writer: LogWriter(descriptor: writeEnd))
    }

    deinit {
        log.flush()
        if isOpen { close(writeEnd) }
        close(readEnd)
    }

    /// Everything that was logged; after this nothing more may be.
    func closeAndRead() -> String {
        log.flush()
        close(writeEnd)
        isOpen = false
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 4096)
        while case let count = read(readEnd, &chunk, chunk.count), count > 0 { bytes += chunk[..<count] }
        return String(decoding: bytes, as: UTF8.self)
    }
}
