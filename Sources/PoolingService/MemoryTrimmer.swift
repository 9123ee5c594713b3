import CMalloc
import Dispatch

/// Gives memory back to the system once the service is idle.
///
/// The C library keeps what was freed for the next large request, which is right under load and a waste after it.
struct MemoryTrimmer: Sendable {
    private static let seconds = 2
    private let queue = DispatchQueue(label: "pooling.trimmer")

    /// Looks every other second, as long as `metrics` are there.
    func watch(_ metrics: Metrics) { look(at: metrics, seen: metrics.endedCount) }

    private func look(at metrics: Metrics, seen: Int) {
        queue.asyncAfter(deadline: .now() + .seconds(Self.seconds)) { [weak metrics] in
            guard let metrics else { return }
            let ended = metrics.endedCount
            // A service that is never idle needs its memory.
            let isDue = metrics.requestsInFlight == 0 && ended != seen
            if isDue { malloc_trim(0) }
            look(at: metrics, seen: isDue ? ended : seen)
        }
    }
}
