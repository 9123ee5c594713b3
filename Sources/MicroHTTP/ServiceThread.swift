import Glibc
import Synchronization

/// A thread of our own that can be waited for.
final class ServiceThread: Sendable {
    private let handle = Mutex<pthread_t?>(nil)

    private final class Body {
        let run: @Sendable () -> Void
        init(_ run: @escaping @Sendable () -> Void) { self.run = run }
    }

    /// - Parameter name: at most 15 bytes, as debuggers and `top` show it.
    init(name: String, _ run: @escaping @Sendable () -> Void) throws(HTTPServer.StartError) {
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
        pthread_setname_np(thread, name)
        handle.withLock { $0 = thread }
    }

    /// Waits for its end; later calls return at once.
    func join() {
        if let thread = handle.withLock({ $0.take() }) { pthread_join(thread, nil) }
    }
}

/// Wakes a thread that waits in `poll`, for good.
final class WakeSignal: Sendable {
    let descriptor: Int32

    init() throws(HTTPServer.StartError) {
        descriptor = eventfd(0, Int32(EFD_CLOEXEC | EFD_NONBLOCK))
        guard descriptor >= 0 else {
            throw HTTPServer.StartError(message: "no event descriptor is free: raise the limit on open files")
        }
    }

    deinit { close(descriptor) }

    func raise() { eventfd_write(descriptor, 1) }

    var pollEntry: pollfd { pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0) }
}
