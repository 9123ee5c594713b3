import MicroHTTP

/// Lets pages of one other origin, or of any, call the service from a browser.
struct CrossOrigin: Sendable {
    let origin: String

    /// Whether a request only asks if the real one may be sent.
    func isPreflight(_ head: HTTPRequestHead, _ headers: RequestHeaders) -> Bool {
        head.method == "OPTIONS" && headers.origin != nil && headers.preflightMethod != nil
    }

    var preflightResponse: HTTPResponse {
        HTTPResponse(
            status: 204,
            headers: [
                ("Access-Control-Allow-Methods", "GET, HEAD, POST"),
                (
                    "Access-Control-Allow-Headers",
                    "Authorization, Content-Type, Content-Encoding, Inference-Header-Content-Length, X-API-Key, X-Request-ID, "
                        + "X-Request-Timeout, traceparent"
                ),
                ("Access-Control-Max-Age", "86400"),
            ])
    }

    func mark(_ response: inout HTTPResponse) {
        response.headers.append(("Access-Control-Allow-Origin", origin))
        response.headers.append(
            (
                "Access-Control-Expose-Headers",
                "X-Request-ID, Server-Timing, Retry-After, Inference-Header-Content-Length, Pooling-Notice"
            ))
        if origin != "*" { response.headers.append(("Vary", "Origin")) }
    }
}
