import Synchronization

extension ServerContext {
    /// The response where there is no room or no time.
    func unavailable(_ context: (any HTTPContext)? = nil) -> HTTPResponse {
        var response = application.response(
            to: HTTPRejection(status: 503, detail: "the server has no room for this request now"), context: context)
        if !response.headers.contains(where: { $0.name.lowercased() == "retry-after" }) {
            response.headers.append(("Retry-After", "1"))
        }
        return response
    }

    /// Passes on what libmicrohttpd says, a few lines a second at most: clients can make it say things.
    func logLibraryMessage(_ message: String) {
        // This is how we tell it to close a connection.
        guard !message.hasPrefix("Application reported internal error") else { return }
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
