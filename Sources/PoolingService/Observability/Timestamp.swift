import Glibc

/// The time of day as RFC 3339 writes it, in UTC with milliseconds.
enum Timestamp {
    static func append(to bytes: inout [UInt8]) {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        append(seconds: time.tv_sec, milliseconds: time.tv_nsec / 1_000_000, to: &bytes)
    }

    /// Since 1970.
    static var milliseconds: Int {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return time.tv_sec * 1000 + time.tv_nsec / 1_000_000
    }

    static func append(seconds: Int, milliseconds: Int, to bytes: inout [UInt8]) {
        let (days, second) = seconds.quotientAndRemainder(dividingBy: 86_400)
        let (year, month, day) = civilDate(daysSinceEpoch: days)
        bytes.append(addingCapacity: 32) { text in
            text.append(padded: year, width: 4)
            text.append(UInt8(ascii: "-"))
            text.append(padded: month, width: 2)
            text.append(UInt8(ascii: "-"))
            text.append(padded: day, width: 2)
            text.append(UInt8(ascii: "T"))
            text.append(padded: second / 3600, width: 2)
            text.append(UInt8(ascii: ":"))
            text.append(padded: second / 60 % 60, width: 2)
            text.append(UInt8(ascii: ":"))
            text.append(padded: second % 60, width: 2)
            text.append(UInt8(ascii: "."))
            text.append(padded: milliseconds, width: 3)
            text.append(UInt8(ascii: "Z"))
        }
    }

    /// The proleptic Gregorian date, counted in years that begin in March so that leap days come last.
    private static func civilDate(daysSinceEpoch: Int) -> (year: Int, month: Int, day: Int) {
        let days = daysSinceEpoch + 719_468
        let era = days / 146_097
        let dayOfEra = days - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shifted = (5 * dayOfYear + 2) / 153
        let month = shifted < 10 ? shifted + 3 : shifted - 9
        let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
        return (year, month, dayOfYear - (153 * shifted + 2) / 5 + 1)
    }
}
