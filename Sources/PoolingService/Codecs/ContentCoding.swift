import MicroHTTP
import PoolingEngine
import PoolingWire

/// Undoes a body's `Content-Encoding`.
enum ContentCoding {
    /// The codings that are understood, for `Accept-Encoding`.
    static let spoken = ContentEncoding.allCases.map(\.rawValue) + ["identity"]

    /// The body as it was before it was coded.
    ///
    /// - Parameter limit: a body that grows beyond is given up there.
    static func decoded(
        _ body: HTTPBody, coding: String?, limit: Int, _ reservation: Reservation
    ) throws(Failure) -> HTTPBody {
        guard let coding, !coding.equalsIgnoringCase("identity") else { return body }
        guard let encoding = encoding(named: coding.lowercased()) else {
            throw .unsupportedContentEncoding(coding, spoken: spoken)
        }
        let most = encoding.mostBytes(from: body.bytes.count, limit: limit)
        try reservation.grow(by: most)
        let plain = try Failure.wrapping { () throws(WireError) in
            try encoding.decompress(body.bytes, limit: limit)
        }
        try reservation.replace(most, with: MemoryEstimate.body(byteCount: plain.byteCount))
        return HTTPBody(plain)
    }

    private static func encoding(named name: String) -> ContentEncoding? {
        name == "x-gzip" ? .gzip : ContentEncoding(rawValue: name)
    }
}

extension ContentEncoding {
    /// A bit of deflate gives at most 129 bytes: 258 of them take two.
    private static let largestDeflateRatio = 1032

    /// How large a body of `byteCount` bytes can be once it is decompressed.
    fileprivate func mostBytes(from byteCount: Int, limit: Int) -> Int {
        switch self {
        case .zstd: return limit
        case .gzip, .deflate:
            let (most, overflow) = byteCount.multipliedReportingOverflow(by: Self.largestDeflateRatio)
            return overflow ? limit : min(most, limit)
        }
    }
}
