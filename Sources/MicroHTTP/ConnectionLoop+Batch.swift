import Synchronization

// The small requests that one turn of a loop brings are answered together.
//
// The code that serves a request is several times as large as the processor's first cache. Taken step by step for all
// requests of a turn, each step is fetched once per turn instead of once per request.
//
// libmicrohttpd calls the handler of a complete request once each turn until a response is queued: the first call adds it to
// the batch, the next one finds it answered.
extension ConnectionLoop {
    /// Larger bodies are not kept waiting, and keep nobody waiting: these mostly take some 20 µs.
    static let batchedBodyLimit = 4096
    private static let batchCapacity = 16

    func addToBatch(_ connection: Connection) {
        let isFull = batch.withLock { batch in
            batch.append(connection)
            return batch.count == Self.batchCapacity
        }
        if isFull { answerBatch() }
    }

    /// Replies to all that are in the batch, and empties it.
    func answerBatch() { answer(batch.withLock { exchange(&$0, with: []) }) }

    /// Asks the application for the replies to what these connections have batched.
    func answer(_ connections: [Connection]) {
        // A connection that has closed in between has no request any more.
        let batched = connections.compactMap { connection in
            connection.batchedRequest.map { (connection: connection, request: $0) }
        }
        guard !batched.isEmpty else { return }
        let replies = server.application.respond(to: batched.map(\.request))
        for (item, reply) in zip(batched, replies) { item.connection.reply(reply, to: item.request) }
    }
}
