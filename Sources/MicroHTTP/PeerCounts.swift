import Synchronization

/// How many connections each peer has, from the moment when they are accepted.
final class PeerCounts: Sendable {
    private let most: Int
    private let counts = Mutex([String: Int]())

    init(most: Int) { self.most = most }

    /// Counts another connection of `peer`, unless it has as many as it may.
    ///
    /// A peer without an address is not limited.
    func admit(_ peer: String) -> Bool {
        guard !peer.isEmpty else { return true }
        return counts.withLock { counts in
            let count = counts[peer, default: 0]
            guard count < most else { return false }
            counts[peer] = count + 1
            return true
        }
    }

    func release(_ peer: String) {
        counts.withLock { counts in
            guard let count = counts[peer] else { return }
            counts[peer] = count > 1 ? count - 1 : nil
        }
    }
}
