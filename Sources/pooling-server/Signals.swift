import Dispatch
import Glibc
import PoolingService

/// The life after the start: SIGHUP reads keys again, SIGTERM and SIGINT end it, a second one of those at once.
struct Signals {
    private let running: RunningService
    private let drainDelay: Duration
    private let log: Log
    private let queue = DispatchQueue(label: "pooling.signals")

    init(_ running: RunningService, _ configuration: Configuration, _ log: Log) {
        self.running = running
        drainDelay = configuration.drainDelay
        self.log = log
    }

    /// Handles signals until one of them ends the process.
    func waitAndExit() -> Never {
        let stopping = StopRequest()
        let sources = [SIGTERM, SIGINT].map { number in
            source(number) { [running, drainDelay, log] in
                guard stopping.isFirst() else { _exit(1) }
                // On a thread of its own, because this queue must be free for the second signal.
                DispatchQueue.global().async { Self.drain(running, drainDelay, log) }
            }
        }
        let reload = source(SIGHUP) { [running] in running.reload() }
        withExtendedLifetime((sources, reload)) { dispatchMain() }
    }

    private func source(_ number: Int32, _ handler: @escaping @Sendable () -> Void) -> any DispatchSourceSignal {
        // The default action would end the process before Dispatch sees the signal.
        signal(number, SIG_IGN)
        let source = DispatchSource.makeSignalSource(signal: number, queue: queue)
        source.setEventHandler(handler: handler)
        source.resume()
        return source
    }

    private static func drain(_ running: RunningService, _ delay: Duration, _ log: Log) {
        log.info("draining: not ready any more, finishing what was accepted")
        running.beginDraining()
        let milliseconds = Int(delay / .milliseconds(1))
        DispatchQueue.global().asyncAfter(deadline: .now() + .milliseconds(milliseconds)) {
            let isDone = running.stop()
            if isDone { log.info("stopped") } else { log.warning("stopped before all requests were finished") }
            log.flush()
            _exit(isDone ? 0 : 1)
        }
    }
}
