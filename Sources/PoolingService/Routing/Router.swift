import PoolingEngine

/// Finds the route of a request in the table; 404 and 405 come from the table too.
package struct Router: Sendable {
    package let routes: [Route]
    private let paths: [String]
    private let routesByPath: [String: [Route]]
    /// The paths that have parameters.
    private let patterns: [(pattern: PathPattern, routes: [Route])]

    package init(_ routes: [Route]) {
        self.routes = routes
        let routesByPath = Dictionary(grouping: routes, by: \.path)
        self.routesByPath = routesByPath
        paths = routesByPath.keys.sorted()
        patterns = routesByPath.map { (PathPattern($0.key), $0.value) }.filter(\.0.hasParameters)
    }

    /// HEAD is served wherever GET is; a path without parameters goes before one with.
    func find(_ method: String, _ path: String) throws(Failure) -> (route: Route, parameters: [String: String]) {
        guard let (candidates, parameters) = candidates(path) else {
            throw .notFound(path: path, hint: hint(for: path))
        }
        let wanted = method == "HEAD" ? "GET" : method
        if let route = candidates.first(where: { $0.method == wanted }) {
            return (route, parameters)
        }
        throw .methodNotAllowed(method: method, allowed: allowed(candidates))
    }

    /// The nearest path, or those below this one.
    private func hint(for path: String) -> String {
        let below = path.utf8.count > 1 ? paths.filter { $0.hasPrefix(path + "/") } : []
        guard !below.isEmpty else { return NameHint.text(for: path, among: paths) }
        return "; below it are \(below.joined(separator: ", "))"
    }

    private func candidates(_ path: String) -> (routes: [Route], parameters: [String: String])? {
        if let routes = routesByPath[path] { return (routes, [:]) }
        let segments = PathPattern.split(path)
        for (pattern, routes) in patterns {
            if let parameters = pattern.match(segments) { return (routes, parameters) }
        }
        return nil
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
