package import MicroHTTP
import PoolingWire

/// The headers that the service looks at, picked in one pass.
package struct RequestHeaders: Sendable {
    private(set) var contentType: String?
    /// All `Content-Encoding` headers as one list.
    private(set) var contentEncoding: String?
    /// All `Accept` headers as one list.
    private(set) var accept: String?
    /// All `Accept-Encoding` headers as one list.
    private(set) var acceptEncoding: String?
    /// How many bytes of an inference request are JSON.
    private(set) var inferenceHeaderLength: String?
    private(set) var bearerToken: String?
    private(set) var apiKey: String?
    private(set) var requestID: String?
    private var requestTimeout: String?
    private(set) var origin: String?
    private(set) var preflightMethod: String?
    private(set) var trace: TraceParent?

    package init(_ head: HTTPRequestHead) {
        head.forEachHeader { name, value in take(name, value) }
    }

    init(_ rejection: HTTPRejection) {
        rejection.forEachHeader { name, value in take(name, value) }
    }

    /// The time that the client waits, where it says so.
    func timeoutMilliseconds() throws(Failure) -> UInt64? {
        guard let text = requestTimeout else { return nil }
        // A number that is too large to count is as good as no limit.
        let isDecimal = !text.isEmpty && text.utf8.allSatisfy { (48...57).contains($0) }
        let wanted = isDecimal ? UInt64(text) ?? .max : 0
        guard wanted > 0 else {
            throw .malformed(
                .request,
                detail: "X-Request-Timeout is '\(text.prefix(64))'; it must be a whole number of milliseconds above 0")
        }
        return wanted
    }

    private mutating func take(_ name: Span<UInt8>, _ bytes: Span<UInt8>) {
        var value: String { String(decoding: bytes) }
        // Most headers are of no interest, and a length is compared faster than a name.
        switch name.count {
        case 6 where name.isHeaderName("accept"): Self.join(&accept, value)
        case 6 where name.isHeaderName("origin"): origin = origin ?? value
        case 9 where name.isHeaderName("x-api-key"): apiKey = apiKey ?? value
        case 11 where name.isHeaderName("traceparent"): trace = trace ?? TraceParent(value)
        case 12 where name.isHeaderName("content-type"): contentType = contentType ?? value
        case 12 where name.isHeaderName("x-request-id"): requestID = requestID ?? RequestID.accepted(value)
        case 13 where name.isHeaderName("authorization"): bearerToken = bearerToken ?? Self.token(value)
        case 15 where name.isHeaderName("accept-encoding"): Self.join(&acceptEncoding, value)
        case 16 where name.isHeaderName("content-encoding"): Self.join(&contentEncoding, value)
        case 17 where name.isHeaderName("x-request-timeout"): requestTimeout = requestTimeout ?? value
        case 29 where name.isHeaderName("access-control-request-method"): preflightMethod = value
        case 31 where name.isHeaderName("inference-header-content-length"):
            inferenceHeaderLength = inferenceHeaderLength ?? value
        default: break
        }
    }

    /// A list that is longer is left as it is: joining many headers takes a time that is quadratic in their number.
    private static let longestList = 4096

    private static func join(_ list: inout String?, _ value: String) {
        guard list?.utf8.count ?? 0 < longestList else { return }
        list = list.map { "\($0), \(value)" } ?? value
    }

    private static func token(_ authorization: String) -> String? {
        guard let space = authorization.firstIndex(of: " "),
            String(authorization[..<space]).equalsIgnoringCase("bearer")
        else { return nil }
        return String(authorization[space...].trimmingSpaces())
    }
}

extension Span<UInt8> {
    /// Compares ASCII letters without their case; `lowercase` has as many bytes and is written in lower case.
    fileprivate func isHeaderName(_ lowercase: StaticString) -> Bool {
        for index in indices {
            let expected = lowercase.utf8Start[index]
            guard self[index] == expected || ((65...90).contains(self[index]) && self[index] | 0x20 == expected) else {
                return false
            }
        }
        return true
    }
}

extension String {
    fileprivate init(decoding bytes: Span<UInt8>) {
        self = bytes.withUnsafeBufferPointer { String(decoding: $0, as: UTF8.self) }
    }
}

extension StringProtocol {
    /// Compares ASCII letters without their case; `lowercase` is written in lower case.
    func equalsIgnoringCase(_ lowercase: String) -> Bool {
        utf8.elementsEqual(lowercase.utf8) { byte, expected in
            byte == expected || ((65...90).contains(byte) && byte | 0x20 == expected)
        }
    }
}
