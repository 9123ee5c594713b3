import Synchronization

/// Lets a few events a second pass.
struct RateLimit: ~Copyable {
    private static let perSecond = 5
    private let state = Mutex((second: UInt64(0), count: 0))

    func admit(at now: Ticks) -> Bool {
        state.withLock { state in
            let second = now.milliseconds / 1000
            if state.second != second { state = (second, 0) }
            state.count += 1
            return state.count <= Self.perSecond
        }
    }
}
