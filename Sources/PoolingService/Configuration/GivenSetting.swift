/// The text of one setting, and where it was written.
package struct GivenSetting: Hashable, Sendable {
    package let text: String
    /// The flag or the environment variable, for error messages.
    package let origin: String

    package init(_ text: String, from origin: String) {
        self.text = text
        self.origin = origin
    }

    func error(_ wanted: String) -> ConfigurationError {
        ConfigurationError(origin, "'\(text)' cannot be used; \(wanted)")
    }

    func integer(in range: ClosedRange<Int>) throws(ConfigurationError) -> Int {
        guard let value = Int(text), range.contains(value) else {
            throw error("give a whole number from \(range.lowerBound) to \(range.upperBound)")
        }
        return value
    }

    func port() throws(ConfigurationError) -> UInt16 {
        guard let value = UInt16(text) else { throw error("give a port from 0 to 65535, where 0 takes a free one") }
        return value
    }

    func byteCount() throws(ConfigurationError) -> Int {
        guard let value = Units.byteCount(text), value > 0 else {
            throw error("give bytes, or a number with KiB, MiB or GiB, such as 64MiB")
        }
        return value
    }

    func duration() throws(ConfigurationError) -> Duration {
        guard let value = Units.duration(text) else {
            throw error("give a time with its unit (ms, s, m or h), such as 30s; at most 24h")
        }
        return value
    }

    func positiveDuration() throws(ConfigurationError) -> Duration {
        let value = try duration()
        guard value > .zero else { throw error("give a time above 0, such as 30s") }
        return value
    }

    func fraction() throws(ConfigurationError) -> Double {
        guard let value = Double(text), (0...1).contains(value) else {
            throw error("give a number from 0 to 1, such as 0.01")
        }
        return value
    }

    func choice<Choice: RawRepresentable & CaseIterable>(
        _ type: Choice.Type
    ) throws(ConfigurationError) -> Choice where Choice.RawValue == String {
        guard let value = Choice(rawValue: text) else {
            throw error("give one of \(Choice.allCases.map(\.rawValue).joined(separator: ", "))")
        }
        return value
    }

    func nonEmpty() throws(ConfigurationError) -> String {
        guard !text.isEmpty else { throw error("it must not be empty") }
        return text
    }
}
