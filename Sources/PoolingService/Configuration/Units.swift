import RecycledMemory

/// Numbers with units, as settings write them: `64MiB`, `1500ms`.
enum Units {
    private static let byteUnits = ["": 1, "B": 1, "KiB": 1 << 10, "MiB": 1 << 20, "GiB": 1 << 30]
    private static let millisecondUnits = ["ms": 1, "s": 1000, "m": 60_000, "h": 3_600_000]
    /// Longer times are mistakes of the unit.
    private static let longestMilliseconds = 24 * 3_600_000

    /// Bytes; nil for a unit that is not one of ours or a number that is no whole one.
    static func byteCount(_ text: String) -> Int? {
        guard let (number, unit) = split(text), let scale = byteUnits[unit] else { return nil }
        let (value, overflow) = number.multipliedReportingOverflow(by: scale)
        return overflow ? nil : value
    }

    /// A time with its unit; a bare number could be seconds or milliseconds, so only 0 may go without.
    static func duration(_ text: String) -> Duration? {
        if text == "0" { return .zero }
        guard let (number, unit) = split(text), let scale = millisecondUnits[unit] else { return nil }
        let (value, overflow) = number.multipliedReportingOverflow(by: scale)
        guard !overflow, value <= longestMilliseconds else { return nil }
        return .milliseconds(value)
    }

    /// With the largest unit of which it is a whole number.
    static func text(ofByteCount byteCount: Int) -> String {
        let unit = byteUnits.filter { byteCount.isMultiple(of: $0.value) }.max {
            ($0.value, $0.key) < ($1.value, $1.key)
        }
        return unit.map { "\(byteCount / $0.value)\($0.key)" } ?? "\(byteCount)"
    }

    /// In seconds, or in milliseconds where these are not whole ones.
    static func text(of time: Duration) -> String {
        let (seconds, fraction) = time.components
        return fraction == 0 ? "\(seconds)s" : "\(time.milliseconds)ms"
    }

    private static func split(_ text: String) -> (number: Int, unit: String)? {
        let digits = text.prefix { $0.isASCII && $0.isNumber }
        guard let number = Int(digits) else { return nil }
        return (number, String(text.dropFirst(digits.count)))
    }
}
