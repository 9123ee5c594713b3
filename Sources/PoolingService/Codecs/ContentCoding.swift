import PoolingWire

/// What a body's `Content-Encoding` says.
enum ContentCoding {
    /// The codings that are understood, for `Accept-Encoding`.
    static let spoken = ContentEncoding.allCases.map(\.rawValue) + ["identity"]

    /// - Returns: nil where the body is not coded.
    static func named(_ coding: String?) throws(Failure) -> ContentEncoding? {
        guard let coding, !coding.equalsIgnoringCase("identity") else { return nil }
        guard let encoding = encoding(coding.lowercased()) else {
            throw .unsupportedContentEncoding(coding, spoken: spoken)
        }
        return encoding
    }

    private static func encoding(_ name: String) -> ContentEncoding? {
        name == "x-gzip" ? .gzip : ContentEncoding(rawValue: name)
    }
}
