/// A response that a format cannot hold (406).
package struct EncodingRejection: Error, Hashable, Sendable {
    /// One sentence that also names the formats that can.
    package let detail: String
    /// Media types that can hold this response, best first.
    package let alternatives: [String]

    init(_ reason: String, alternatives: [String]) {
        self.detail = "\(reason); accept \(alternatives.joined(separator: " or ")) instead"
        self.alternatives = alternatives
    }
}
