package import MicroHTTP

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
    private(set) var requestTimeout: String?
    private(set) var origin: String?
    private(set) var preflightMethod: String?
    private(set) var trace: TraceParent?

    package init(_ head: HTTPRequestHead) {
        for (name, value) in head.headers { take(name, value) }
    }

    private mutating func take(_ name: String, _ value: String) {
        // Most headers are of no interest, and a length is compared faster than a name.
        switch name.utf8.count {
        case 6 where name.equalsIgnoringCase("accept"): Self.join(&accept, value)
        case 6 where name.equalsIgnoringCase("origin"): origin = origin ?? value
        case 9 where name.equalsIgnoringCase("x-api-key"): apiKey = apiKey ?? value
        case 11 where name.equalsIgnoringCase("traceparent"): trace = trace ?? TraceParent(value)
        case 12 where name.equalsIgnoringCase("content-type"): contentType = contentType ?? value
        case 12 where name.equalsIgnoringCase("x-request-id"): requestID = requestID ?? RequestID.accepted(value)
        case 13 where name.equalsIgnoringCase("authorization"): bearerToken = bearerToken ?? Self.token(value)
        case 15 where name.equalsIgnoringCase("accept-encoding"): Self.join(&acceptEncoding, value)
        case 16 where name.equalsIgnoringCase("content-encoding"): Self.join(&contentEncoding, value)
        case 17 where name.equalsIgnoringCase("x-request-timeout"): requestTimeout = requestTimeout ?? value
        case 29 where name.equalsIgnoringCase("access-control-request-method"): preflightMethod = value
        case 31 where name.equalsIgnoringCase("inference-header-content-length"):
            inferenceHeaderLength = inferenceHeaderLength ?? value
        default: break
        }
    }

    private static func join(_ list: inout String?, _ value: String) {
        list = list.map { "\($0), \(value)" } ?? value
    }

    private static func token(_ authorization: String) -> String? {
        guard let space = authorization.firstIndex(of: " "),
            String(authorization[..<space]).equalsIgnoringCase("bearer")
        else { return nil }
        return String(authorization[space...].trimmingSpaces())
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
