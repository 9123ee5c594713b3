/// A response that a format cannot hold (406).
package struct EncodingRejection: Error, Hashable, Sendable {
    /// One sentence that also names the formats that can.
    package let detail: String

    /// - Parameter alternatives: media types that can hold this response, best first.
    init(_ reason: String, alternatives: [String]) {
        detail = "\(reason); accept \(alternatives.joined(separator: " or ")) instead"
    }
}
