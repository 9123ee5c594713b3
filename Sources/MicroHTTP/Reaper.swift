import Glibc

/// Cuts off connections whose time is up or whose client has gone, from a thread of its own.
final class Reaper: Sendable {
    private let wake: WakeSignal
    private let thread: ServiceThread

    init(loops: LoopGroup, shortest: UInt64) throws(HTTPServer.StartError) {
        let wake = try WakeSignal()
        let period = min(max(shortest / 4, 5), 100)
        self.wake = wake
        thread = try ServiceThread {
            let lingering = loops.server.lingering
            var next = Ticks.now.milliseconds + period
            while true {
                var entries = [wake.pollEntry] + lingering.pollEntries
                let now = Ticks.now.milliseconds
                _ = poll(&entries, nfds_t(entries.count), Int32(next > now ? next - now : 0))
                guard entries[0].revents == 0 else { break }
                lingering.advance(at: Ticks.now)
                guard Ticks.now.milliseconds >= next else { continue }
                loops.reap()
                next = Ticks.now.milliseconds + period
            }
            lingering.closeAll()
        }
    }

    func stop() {
        wake.raise()
        thread.join()
    }
}
