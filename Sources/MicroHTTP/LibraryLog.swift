import Synchronization

extension ServerContext {
    /// The answer where there is no room or no time.
    func unavailable() -> HTTPResponse {
        var response = application.malformed(status: 503, detail: "the server has no room for this request now")
        if !response.headers.contains(where: { $0.name.lowercased() == "retry-after" }) {
            response.headers.append(("Retry-After", "1"))
        }
        return response
    }

    /// Passes on what libmicrohttpd says, a few lines a second at most: clients can make it say things.
    func logLibraryMessage(_ message: String) {
        guard libraryLines.admit(at: Ticks.now) else { return }
        log(.warning, "libmicrohttpd: \(message)")
    }
}

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
