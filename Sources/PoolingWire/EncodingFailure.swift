/// A response that a format cannot hold (406), or that could not be written.
package enum EncodingFailure: Error, Sendable {
    case rejected(EncodingRejection)
    case wire(WireError)
}

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

/// The media types of the wire formats.
package enum MediaType {
    package static let json = "application/json"
    package static let npy = "application/x-npy"
    package static let safetensors = "application/vnd.safetensors"
    package static let png = "image/png"
    package static let octetStream = "application/octet-stream"
}
