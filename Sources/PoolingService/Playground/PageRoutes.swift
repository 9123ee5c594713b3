/// `GET /` and `GET /docs`: what a person sees of the service.
enum PageRoutes {
    static let playground = Route("GET", "/", .page, .answer { _, _ in EmbeddedFiles.playground.response })
    static let docs = Route("GET", "/docs", .page, .answer { _, _ in EmbeddedFiles.docs.response })
}
