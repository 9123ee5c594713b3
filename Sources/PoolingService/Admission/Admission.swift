import MicroHTTP

/// Who may come in, before any of a body is read: body limit, key, rate, memory.
package struct Admission: Sendable {
    package let bodyLimit: Int
    package let memory: MemoryBudget
    let keys: APIKeys?
    let rateLimiter: RateLimiter?

    package init(_ configuration: Configuration) throws(ConfigurationError) {
        bodyLimit = configuration.maxBody
        memory = MemoryBudget(limit: configuration.memoryBudget)
        keys = try configuration.apiKeyFile.map { path throws(ConfigurationError) in try APIKeys(path: path) }
        rateLimiter = configuration.rateLimit.map(RateLimiter.init)
    }

    /// Checks what `access` asks for; a request without a route is checked like the API.
    func check(_ head: HTTPRequestHead, _ record: RequestRecord, access: Route.Access) throws(Failure) {
        let keys = access == .api || access == .monitoring ? keys : nil
        if let keys, !keys.accept(record.headers) { throw .unauthorized }
        if access == .api || access == .page, let rateLimiter {
            // Behind a proxy all clients share an address, so a key says better who is there.
            let client = keys == nil ? head.peer : record.headers.bearerToken ?? record.headers.apiKey ?? head.peer
            if let seconds = rateLimiter.admit(client, at: record.started) {
                throw .rateLimited(retryAfterSeconds: seconds)
            }
        }
        if let length = head.contentLength, length > bodyLimit { throw .bodyTooLarge(limit: bodyLimit) }
    }
}
