/// The small requests that one turn of a loop brings, answered together.
///
/// The code that serves a request is several times as large as the processor's first cache. Taken step by step for all
/// requests of a turn, each step is fetched once a turn instead of once a request.
///
/// libmicrohttpd calls the handler of a complete request once each turn until a response is queued: the first call adds
/// it to the batch, the next one finds it answered.
final class RequestBatch: @unchecked Sendable {
    // @unchecked Sendable because only the loop's thread touches it.

    /// Larger bodies are not kept waiting, and keep nobody waiting: these mostly take some 20 µs.
    static let bodyLimit = 4096
    private static let capacity = 16

    private var connections: [Connection] = []

    func add(_ connection: Connection) {
        connections.append(connection)
        if connections.count == Self.capacity { answer() }
    }

    /// Replies to all that have joined, and empties the batch.
    func answer() {
        Self.answer(connections)
        connections.removeAll(keepingCapacity: true)
    }

    /// Asks the application for the replies to what these connections have batched.
    static func answer(_ connections: [Connection]) {
        // A connection that has closed in between has no request any more.
        let batched = connections.compactMap { connection in
            connection.batchedRequest.map { (connection: connection, request: $0) }
        }
        guard let application = batched.first?.connection.server.application else { return }
        let replies = application.respond(to: batched.map(\.request))
        for (item, reply) in zip(batched, replies) { item.connection.reply(reply, to: item.request) }
    }
}
