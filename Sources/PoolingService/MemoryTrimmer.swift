import CMalloc
import Dispatch
import RecycledMemory

/// Keeps what the process holds near to what requests need: the C library's own ways keep several times as much.
struct MemoryTrimmer: Sendable {
    private static let seconds = 2
    /// From here on memory is given back as soon as it is freed.
    ///
    /// Without a fixed threshold it grows to 32 MiB, and with it what each thread keeps.
    private static let returnedAtOnce: Int32 = 1 << 20
    /// How much of smaller blocks each thread's arena may keep for the next request.
    private static let keptByArena: Int32 = 8 << 20
    private let queue = DispatchQueue(label: "pooling.trimmer")

    /// Gives memory back whenever the service is idle, as long as `metrics` are there.
    func watch(_ metrics: Metrics) {
        mallopt(M_MMAP_THRESHOLD, Self.returnedAtOnce)
        mallopt(M_TRIM_THRESHOLD, Self.keptByArena)
        look(at: metrics, seen: metrics.endedCount)
    }

    private func look(at metrics: Metrics, seen: Int) {
        queue.asyncAfter(deadline: .now() + .seconds(Self.seconds)) { [weak metrics] in
            guard let metrics else { return }
            let ended = metrics.endedCount
            // A service that is never idle needs its memory.
            let isDue = metrics.requestsInFlight == 0 && ended != seen
            if isDue {
                MemoryRecycler.shared.clear()
                malloc_trim(0)
            }
            look(at: metrics, seen: isDue ? ended : seen)
        }
    }
}
