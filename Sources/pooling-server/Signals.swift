import Dispatch
import Glibc
import PoolingService
import Synchronization

/// The life after the start: SIGHUP reads keys again, SIGTERM and SIGINT end it, a second one of those at once.
struct Signals {
    private static let queue = DispatchQueue(label: "pooling.signals")
    private static let reloading = DispatchQueue(label: "pooling.reloading")
    private let sources: [any DispatchSourceSignal]

    /// Handles signals from now on.
    init(_ running: RunningService, _ configuration: Configuration, _ log: Log) {
        let stopping = StopRequest()
        let drainDelay = configuration.drainDelay
        let ends = [SIGTERM, SIGINT].map { number in
            Self.source(number) {
                guard stopping.isFirst() else { _exit(1) }
                // On a thread of its own, because this queue must be free for the second signal.
                DispatchQueue.global().async { Self.drain(running, drainDelay, log) }
            }
        }
        // On a queue of its own: files may be slow, and the other signals must not wait.
        sources = ends + [Self.source(SIGHUP) { Self.reloading.async { running.reload() } }]
    }

    /// Waits until one of the signals ends the process.
    func waitAndExit() -> Never {
        withExtendedLifetime(sources) { dispatchMain() }
    }

    private static func source(_ number: Int32, _ handler: @escaping @Sendable () -> Void) -> any DispatchSourceSignal {
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

/// Tells the first signal to stop from those after it.
private final class StopRequest: Sendable {
    private let wasMade = Atomic(false)

    func isFirst() -> Bool { !wasMade.exchange(true, ordering: .relaxed) }
}
