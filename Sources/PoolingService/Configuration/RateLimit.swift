/// How many requests one client may send.
package struct RateLimit: Hashable, Sendable {
    /// Also the size of the burst that a client may send at once.
    package let count: Int
    /// The time in which `count` requests are allowed.
    package let seconds: Int

    package init(count: Int, seconds: Int) {
        self.count = count
        self.seconds = seconds
    }

    /// Reads `100/s`, `600/m` or `5000/h`.
    init(_ setting: GivenSetting) throws(ConfigurationError) {
        let parts = setting.text.split(separator: "/", omittingEmptySubsequences: false)
        let units = ["s": 1, "m": 60, "h": 3600]
        guard parts.count == 2, let count = Int(parts[0]), (1...1_000_000_000).contains(count),
            let seconds = units[String(parts[1])]
        else { throw setting.error("give requests a time, such as 100/s, 600/m or 5000/h") }
        self.init(count: count, seconds: seconds)
    }
}
