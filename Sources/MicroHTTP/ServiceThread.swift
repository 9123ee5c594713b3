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
