import MicroHTTP
import PoolingEngine
import RecycledMemory

/// Who may come in, before any of a body is read: body limit, key, rate, memory.
package struct Admission: Sendable {
    package let bodyLimit: Int
    package let memory: MemoryBudget
    let keys: APIKeys?
    let rateLimiter: RateLimiter?
    let bodyShares: BodyShares

    package init(_ configuration: Configuration) throws(ConfigurationError) {
        bodyLimit = configuration.maxBody
        memory = MemoryBudget(limit: configuration.memoryBudget)
        keys = try configuration.apiKeyFile.map { path throws(ConfigurationError) in try APIKeys(path: path) }
        bodyShares = BodyShares(
            limit: max(memory.limit / 4, Self.byteCount(ofBody: configuration.maxBody)))
        rateLimiter = configuration.rateLimit.map(RateLimiter.init)
    }

    /// Checks key and rate as `access` requires; a request without a route is checked like the API.
    func check(_ record: RequestRecord, access: Route.Access) throws(Failure) {
        if asksForKey(access), let keys, !keys.accept(record.headers) { throw .unauthorized }
        if access == .api || access == .page, let rateLimiter {
            if let seconds = rateLimiter.admit(client(record), at: record.started) {
                throw .rateLimited(retryAfterSeconds: seconds)
            }
        }
        if let length = record.head.contentLength, length > bodyLimit { throw .bodyTooLarge(limit: bodyLimit) }
    }

    /// What a body of so many bytes takes with the tensors in it, by estimate: two bytes of JSON become four of float32.
    ///
    /// When a body is read, only the memory that it really takes stays reserved.
    private static func byteCount(ofBody byteCount: Int) -> Int { byteCount.multipliedSaturating(by: 3) }

    /// Looks whether an announced body would find room; nothing is known of a chunked one.
    func checkRoom(for head: HTTPRequestHead) throws(Failure) {
        try Failure.reserving { () throws(MemoryShortage) in
            try memory.check(Self.byteCount(ofBody: head.contentLength ?? 0))
        }
    }

    /// Counts `count` more requests, which came in the body of one: they are charged to what follows.
    func charge(_ count: Int, _ record: RequestRecord) {
        guard count > 0, record.route?.access == .api else { return }
        rateLimiter?.charge(client(record), count, at: .now)
    }

    /// Sets memory aside for a body that is arriving, in place of what it had before.
    ///
    /// - Throws: `memory` where it cannot grow at the moment, because of others or of its own client.
    func reserveBody(_ byteCount: Int, _ record: RequestRecord) throws(Failure) {
        let outcome = record.current
        let wanted = Self.byteCount(ofBody: byteCount)
        guard wanted > outcome.reservedByteCount else { return }
        let shared = byteCount > BodyShares.freeByteCount ? wanted - outcome.sharedByteCount : 0
        guard shared == 0 || bodyShares.grow(client(record), by: shared) else { throw .memory(.budget) }
        do throws(MemoryShortage) {
            try memory.admit(wanted - outcome.reservedByteCount, besides: outcome.reservedByteCount)
        } catch {
            bodyShares.release(client(record), shared)
            throw .memory(error)
        }
        record.update {
            $0.reservedByteCount = wanted
            $0.sharedByteCount += shared
        }
    }

    /// Gives back what a request still holds for its body.
    func release(_ record: RequestRecord) {
        let (reserved, shared) = record.update { outcome in
            defer { (outcome.reservedByteCount, outcome.sharedByteCount) = (0, 0) }
            return (outcome.reservedByteCount, outcome.sharedByteCount)
        }
        memory.release(reserved)
        if shared > 0 { bodyShares.release(client(record), shared) }
    }

    /// Who sent a request, for limits: behind a proxy all clients share an address, so a key says better who is there, if it
    /// was checked.
    private func client(_ record: RequestRecord) -> String {
        let peer = record.peer ?? ""
        guard keys != nil, asksForKey(record.route?.access ?? .api) else { return peer }
        return record.headers.bearerToken ?? record.headers.apiKey ?? peer
    }

    private func asksForKey(_ access: Route.Access) -> Bool { access == .api || access == .monitoring }
}
