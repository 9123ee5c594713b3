/// How the text of a setting becomes its value, and the value text.
struct SettingFormat<Value> {
    let read: (GivenSetting) throws(ConfigurationError) -> Value
    let text: (Value) -> String

    init(
        text: @escaping (Value) -> String = { "\($0)" },
        read: @escaping (GivenSetting) throws(ConfigurationError) -> Value
    ) {
        self.read = read
        self.text = text
    }

    /// The same for a setting that may have no value.
    var orNone: SettingFormat<Value?> {
        SettingFormat<Value?>(text: { [text] value in value.map(text) ?? "none" }) {
            [read] (given) throws(ConfigurationError) in try read(given)
        }
    }
}

extension SettingFormat<Int> {
    static func integer(in range: ClosedRange<Int>) -> Self {
        Self { (given) throws(ConfigurationError) in try given.integer(in: range) }
    }

    static var byteCount: Self {
        Self(text: Units.text(ofByteCount:)) { (given) throws(ConfigurationError) in try given.byteCount() }
    }
}

extension SettingFormat<UInt16> {
    static var port: Self { Self { (given) throws(ConfigurationError) in try given.port() } }
}

extension SettingFormat<Int32> {
    static var descriptor: Self {
        Self { (given) throws(ConfigurationError) in Int32(try given.integer(in: 0...65_535)) }
    }
}

extension SettingFormat<Duration> {
    static var duration: Self {
        Self(text: Units.text(of:)) { (given) throws(ConfigurationError) in try given.duration() }
    }

    static var positiveDuration: Self {
        Self(text: Units.text(of:)) { (given) throws(ConfigurationError) in try given.positiveDuration() }
    }
}

extension SettingFormat<Double> {
    /// From 0 to 1.
    static var fraction: Self {
        Self(text: { $0.rounded() == $0 ? "\(Int($0))" : "\($0)" }) { (given) throws(ConfigurationError) in
            try given.fraction()
        }
    }
}

extension SettingFormat<String> {
    static var nonEmpty: Self { Self { (given) throws(ConfigurationError) in try given.nonEmpty() } }
    static var origin: Self { Self { (given) throws(ConfigurationError) in try Configuration.origin(given) } }
}

extension SettingFormat<RateLimit> {
    static var rateLimit: Self { Self { (given) throws(ConfigurationError) in try RateLimit(given) } }
}

extension SettingFormat where Value: CaseIterable & RawRepresentable, Value.RawValue == String {
    static var choice: Self {
        Self(text: \.rawValue) { (given) throws(ConfigurationError) in try given.choice(Value.self) }
    }
}
