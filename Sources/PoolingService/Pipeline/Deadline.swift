/// The time until which a response is of use.
package struct Deadline: Sendable {
    private static let header = "X-Request-Timeout"
    let instant: MonotonicInstant

    init(_ instant: MonotonicInstant) { self.instant = instant }

    /// The service's own limit, or the client's where that is shorter.
    init(
        requested: String?, started: MonotonicInstant, limitMilliseconds: UInt64
    ) throws(Failure) {
        guard let text = requested else {
            self.init(started.advanced(byMilliseconds: limitMilliseconds))
            return
        }
        guard let wanted = Self.milliseconds(text), wanted > 0 else {
            throw .malformedRequest(
                detail: "\(Self.header) is '\(text.prefix(64))'; it must be a whole number of milliseconds above 0")
        }
        self.init(started.advanced(byMilliseconds: min(wanted, limitMilliseconds)))
    }

    /// Digits; what is too large to count is as good as no limit.
    private static func milliseconds(_ text: String) -> UInt64? {
        guard !text.isEmpty, text.utf8.allSatisfy({ (48...57).contains($0) }) else { return nil }
        return UInt64(text) ?? .max
    }

    /// This, or that many microseconds after `started` where it is earlier.
    func shortened(toMicroseconds microseconds: UInt64, after started: MonotonicInstant) -> Deadline {
        Deadline(min(instant, started.advanced(byMicroseconds: microseconds)))
    }

    func hasPassed(at now: MonotonicInstant) -> Bool { instant <= now }

    /// The clock of the workers.
    var continuous: ContinuousClock.Instant {
        .now.advanced(by: .nanoseconds(instant.since(.now)))
    }
}
