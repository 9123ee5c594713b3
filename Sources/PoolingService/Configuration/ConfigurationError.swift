/// A setting that cannot be used, and the values that can.
package struct ConfigurationError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The flag or the environment variable to blame.
    package let origin: String
    package let detail: String

    package init(_ origin: String, _ detail: String) {
        self.origin = origin
        self.detail = detail
    }

    package var description: String { "\(origin): \(detail)" }
}
