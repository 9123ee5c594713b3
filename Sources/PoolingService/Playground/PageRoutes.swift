import MicroHTTP

/// `GET /` and `GET /docs`, for people, and the files that they load.
enum PageRoutes {
    static let playground = Route("GET", "/", .page, .respond { _, _ in EmbeddedFiles.playground.response })
    static let docs = Route("GET", "/docs", .page, .respond { _, _ in EmbeddedFiles.docs.response })

    /// A folder in the address is a page's with a slash too many; relative, so that it holds behind a proxy's path.
    static let docsFolder = Route(
        "GET", "/docs/", .page,
        .respond { _, _ in HTTPResponse(status: 308, headers: [("Location", "../docs")]) })

    /// Part of a page that was admitted, so neither key nor rate is asked for again.
    static let file = Route(
        "GET", "/assets/{version}/{room}/{name}", .probe,
        .respond { _, path throws(Failure) in
            guard let file = PageFile.find(version: path["version"], room: path["room"], name: path["name"]) else {
                throw .notFound(path: PageFile.folder, hint: "")
            }
            return file.response
        })
}
