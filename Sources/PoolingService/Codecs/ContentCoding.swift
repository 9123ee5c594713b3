import MicroHTTP

/// Undoes a body's `Content-Encoding`.
enum ContentCoding {
    /// The codings that are understood, for `Accept-Encoding`.
    static let spoken = ["identity"]

    /// The body as it was before it was coded.
    static func decoded(_ body: HTTPBody, coding: String?) throws(Failure) -> HTTPBody {
        guard let coding, !coding.equalsIgnoringCase("identity") else { return body }
        throw .unsupportedContentEncoding(coding, spoken: spoken)
    }
}
