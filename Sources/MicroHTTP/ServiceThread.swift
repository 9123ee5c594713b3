import Glibc
import Synchronization

/// A thread of our own that can be waited for.
final class ServiceThread: Sendable {
    private let handle = Mutex<pthread_t?>(nil)

    private final class Body {
        let run: @Sendable () -> Void
        init(_ run: @escaping @Sendable () -> Void) { self.run = run }
    }

    init(_ run: @escaping @Sendable () -> Void) throws(HTTPServer.StartError) {
        let body = Unmanaged.passRetained(Body(run))
        var thread = pthread_t()
        let failure = pthread_create(
            &thread, nil,
            { opaque in
                if let opaque { Unmanaged<Body>.fromOpaque(opaque).takeRetainedValue().run() }
                return nil
            }, body.toOpaque())
        guard failure == 0 else {
            body.release()
            throw HTTPServer.StartError(message: "no thread could be started: raise the limit on threads")
        }
        handle.withLock { $0 = thread }
    }

    /// Waits for its end; later calls return at once.
    func join() {
        if let thread = handle.withLock({ $0.take() }) { pthread_join(thread, nil) }
    }
}

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
