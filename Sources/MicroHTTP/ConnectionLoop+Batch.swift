import Synchronization

// The small requests that one turn of a loop brings get their responses together.
//
// The code that serves a request is several times as large as the processor's first cache. Taken step by step for all
// requests of a turn, each step is fetched once per turn instead of once per request.
//
// libmicrohttpd calls the handler of a complete request once each turn until a response is queued: the first call adds it to
// the batch, the next one finds the decision.
extension ConnectionLoop {
    /// Larger bodies are not kept waiting, and keep nobody waiting: these mostly take some 20 µs.
    static let batchedBodyLimit = 4096
    private static let batchCapacity = 16

    func addToBatch(_ connection: Connection) {
        let isFull = batch.withLock { batch in
            batch.append(connection)
            return batch.count == Self.batchCapacity
        }
        if isFull { respondToBatch() }
    }

    /// Responds to all that are in the batch, and empties it.
    func respondToBatch() { respond(to: batch.withLock { exchange(&$0, with: []) }) }

    /// Asks the application to respond to what these connections have batched.
    func respond(to connections: [Connection]) {
        // A connection that has closed in between has no request any more.
        let batched = connections.compactMap { connection in
            connection.batchedRequest.map { (connection: connection, request: $0) }
        }
        guard !batched.isEmpty else { return }
        let decisions = server.application.respond(to: batched.map(\.request))
        for (item, decision) in zip(batched, decisions) { item.connection.takeDecision(decision, on: item.request) }
    }
}
