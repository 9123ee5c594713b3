import MicroHTTP
import RecycledMemory

/// `GET /healthz` and `GET /readyz`.
enum HealthRoutes {
    /// Alive as long as it responds, at any load.
    static let live = Route("GET", "/healthz", .probe, .respond { _, _ in text(200, "ok\n") })

    /// 503 while new requests would be rejected.
    static let ready = Route(
        "GET", "/readyz", .probe,
        .respond { service, _ in
            switch service.readiness {
            case .ready: text(200, "ready\n")
            case .draining: text(503, "draining\n")
            case .outOfMemory: text(503, "out of memory\n")
            }
        })

    private static func text(_ status: Int, _ body: String) -> HTTPResponse {
        HTTPResponse(
            status: status, headers: [("Content-Type", "text/plain; charset=utf-8"), ("Cache-Control", "no-store")],
            body: [Bytes(copying: body.utf8)])
    }
}
