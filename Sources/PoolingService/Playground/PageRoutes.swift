/// `GET /` and `GET /docs`: what a person sees of the service.
enum PageRoutes {
    static let playground = Route("GET", "/", .api, .answer { _, _ in EmbeddedFiles.playground.response })
    static let docs = Route("GET", "/docs", .api, .answer { _, _ in EmbeddedFiles.docs.response })
}
