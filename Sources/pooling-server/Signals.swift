import Dispatch
import Glibc
import PoolingService

/// The life after the start: SIGHUP reads keys again, SIGTERM and SIGINT end it, a second one of those at once.
///
/// Signals are blocked in every thread and taken by one that waits for them, so that none is lost, whenever it comes.
enum Signals {
    // Not global queues: those watch their threads through /proc, and end the process where no descriptor is left for that.
    private static let reloading = DispatchQueue(label: "pooling.reloading")
    private static let draining = DispatchQueue(label: "pooling.draining")
    private static let handled = [SIGTERM, SIGINT, SIGHUP]

    private static var set: sigset_t {
        var set = sigset_t()
        sigemptyset(&set)
        for number in handled { sigaddset(&set, number) }
        return set
    }

    /// Lets signals wait until they are taken; before there are other threads, which do as the first.
    ///
    /// Until then a signal ends the process at once.
    static func hold() {
        var set = set
        pthread_sigmask(SIG_BLOCK, &set, nil)
        // Who started the process may have ignored them.
        for number in handled { signal(number, SIG_DFL) }
    }

    /// Takes signals until one of them ends the process.
    static func takeAndExit(_ running: RunningService, _ configuration: Configuration, _ log: Log) -> Never {
        var set = set
        var isStopping = false
        while true {
            var number: Int32 = 0
            guard sigwait(&set, &number) == 0 else { continue }
            if number == SIGHUP {
                // On a queue of its own: files may be slow, and the other signals must not wait.
                reloading.async { running.reload() }
            } else if isStopping {
                _exit(1)
            } else {
                isStopping = true
                // On a thread of its own, because this one must be free for the second signal.
                draining.async { drain(running, configuration.drainDelay, log) }
            }
        }
    }

    private static func drain(_ running: RunningService, _ delay: Duration, _ log: Log) {
        log.info("draining: not ready any more, finishing what was accepted")
        running.beginDraining()
        let milliseconds = Int(delay / .milliseconds(1))
        draining.asyncAfter(deadline: .now() + .milliseconds(milliseconds)) {
            let isDone = running.stop()
            if isDone { log.info("stopped") } else { log.warning("stopped before all requests were finished") }
            log.flush()
            _exit(isDone ? 0 : 1)
        }
    }
}
