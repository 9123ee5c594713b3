/// Finds the route of a request in the table; 404 and 405 come from the table too.
package struct Router: Sendable {
    package let routes: [Route]
    private let routesByPath: [String: [Route]]

    package init(_ routes: [Route]) {
        self.routes = routes
        routesByPath = Dictionary(grouping: routes, by: \.path)
    }

    /// HEAD is served wherever GET is.
    func find(_ method: String, _ path: String) throws(Failure) -> Route {
        guard let candidates = routesByPath[path] else {
            let paths = routesByPath.keys.sorted()
            throw .notFound(path: path, nearest: NearestName.suggestion(for: path, among: paths))
        }
        let wanted = method == "HEAD" ? "GET" : method
        if let match = candidates.first(where: { $0.method == wanted }) { return match }
        throw .methodNotAllowed(method: method, allowed: allowed(candidates))
    }

    private func allowed(_ candidates: [Route]) -> [String] {
        candidates.flatMap { $0.method == "GET" ? ["GET", "HEAD"] : [$0.method] }
    }

    /// The method where it is a common one, so that clients cannot invent metrics labels.
    static func methodLabel(_ method: String) -> String {
        switch method {
        case "GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH": method
        default: "other"
        }
    }
}
