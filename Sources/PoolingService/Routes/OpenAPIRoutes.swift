import MicroHTTP
import RecycledMemory

/// `GET /openapi.yaml` and `GET /openapi.json`: the service's own description, out of the binary.
enum OpenAPIRoutes {
    static let yaml = route("/openapi.yaml", "application/yaml", EmbeddedFiles.openAPI)
    static let json = route("/openapi.json", "application/json", EmbeddedFiles.openAPIInJSON)

    private static func route(_ path: String, _ mediaType: String, _ text: [UInt8]) -> Route {
        let document = Bytes(copying: text)
        return Route(
            "GET", path, .api,
            .respond { _, _ in
                HTTPResponse(status: 200, headers: [("Content-Type", mediaType)], body: [document])
            })
    }
}
