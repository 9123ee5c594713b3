import Glibc

/// A point in time that only moves forward, in nanoseconds: one system clock reading, no more.
package struct MonotonicInstant: Sendable, Comparable {
    package let nanoseconds: UInt64

    package init(nanoseconds: UInt64) { self.nanoseconds = nanoseconds }

    package static var now: MonotonicInstant {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return MonotonicInstant(nanoseconds: UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec))
    }

    package static func < (a: MonotonicInstant, b: MonotonicInstant) -> Bool { a.nanoseconds < b.nanoseconds }

    /// Nanoseconds from `earlier` to here; 0 where `earlier` is later.
    package func since(_ earlier: MonotonicInstant) -> UInt64 {
        nanoseconds > earlier.nanoseconds ? nanoseconds - earlier.nanoseconds : 0
    }

    package func advanced(byMicroseconds microseconds: UInt64) -> MonotonicInstant {
        let (nanoseconds, overflow) = microseconds.multipliedReportingOverflow(by: 1000)
        return MonotonicInstant(nanoseconds: overflow ? .max : self.nanoseconds &+ min(nanoseconds, .max / 2))
    }

    package func advanced(byMilliseconds milliseconds: UInt64) -> MonotonicInstant {
        MonotonicInstant(nanoseconds: nanoseconds &+ milliseconds &* 1_000_000)
    }
}

extension MonotonicInstant {
    /// The same on the clock of the workers.
    var continuous: ContinuousClock.Instant { .now.advanced(by: .nanoseconds(since(.now))) }
}

extension Duration {
    /// Whole milliseconds; configured times are at most a day.
    var milliseconds: UInt64 {
        let (seconds, attoseconds) = components
        return UInt64(max(0, seconds)) * 1000 + UInt64(max(0, attoseconds) / 1_000_000_000_000_000)
    }
}
