import Glibc

/// Cuts off connections whose time is up, from a thread of its own.
final class Reaper: Sendable {
    private let wake: WakeSignal
    private let thread: ServiceThread

    init(loops: LoopGroup, shortest: UInt64) throws(HTTPServer.StartError) {
        let wake = try WakeSignal()
        let period = Int32(min(max(shortest / 4, 5), 200))
        self.wake = wake
        thread = try ServiceThread {
            var entry = wake.pollEntry
            while poll(&entry, 1, period) <= 0 { loops.reap() }
        }
    }

    func stop() {
        wake.raise()
        thread.join()
    }
}
