import Glibc

/// Milliseconds of the monotonic clock, to the kernel's tick.
struct Ticks: Comparable {
    let milliseconds: UInt64

    static func < (one: Ticks, other: Ticks) -> Bool { one.milliseconds < other.milliseconds }

    static var now: Ticks {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC_COARSE, &time)
        return Ticks(milliseconds: UInt64(time.tv_sec) * 1000 + UInt64(time.tv_nsec) / 1_000_000)
    }
}
