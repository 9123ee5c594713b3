import Glibc

/// Wakes a thread that waits in `poll`, for good.
final class WakeSignal: Sendable {
    private let reading: Int32
    private let writing: Int32

    init() throws(HTTPServer.StartError) {
        var ends: [Int32] = [-1, -1]
        guard pipe(&ends) == 0 else {
            throw HTTPServer.StartError(message: "no descriptor is free for a pipe: raise the limit on open files")
        }
        (reading, writing) = (ends[0], ends[1])
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        _ = fcntl(writing, F_SETFL, O_NONBLOCK)
    }

    deinit {
        close(reading)
        close(writing)
    }

    func raise() { _ = write(writing, [UInt8(1)], 1) }

    var pollEntry: pollfd { pollfd(fd: reading, events: Int16(POLLIN), revents: 0) }
}
