/// Whether the service wants requests.
enum Readiness: Sendable {
    case ready
    case draining
    /// Requests with a body have been rejected for lack of memory for longer than a moment.
    case outOfMemory
}

extension Service {
    var readiness: Readiness {
        if lifecycle.isDraining { return .draining }
        return admission.memory.isExhausted(at: .now) ? .outOfMemory : .ready
    }
}
