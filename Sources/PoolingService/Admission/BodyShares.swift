import Synchronization

/// How much of the memory budget the bodies of each client hold.
///
/// Without a bound one client could fill the part that bodies may have, and every other upload would be rejected.
package final class BodyShares: Sendable {
    /// Bodies up to this size are not counted, so that small requests take no lock that all threads share.
    static let freeByteCount = 64 << 10

    let limit: Int
    private let held = Mutex([String: Int]())

    init(limit: Int) { self.limit = limit }

    /// - Returns: false where the client would hold more than its share; a client without an address or key has no bound.
    func grow(_ client: String, by byteCount: Int) -> Bool {
        guard !client.isEmpty else { return true }
        return held.withLock { held in
            let total = held[client, default: 0] + byteCount
            guard total <= limit else { return false }
            held[client] = total
            return true
        }
    }

    func release(_ client: String, _ byteCount: Int) {
        guard byteCount > 0, !client.isEmpty else { return }
        held.withLock { held in
            let left = held[client, default: 0] - byteCount
            held[client] = left > 0 ? left : nil
        }
    }
}
