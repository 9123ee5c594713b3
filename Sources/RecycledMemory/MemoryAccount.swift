/// Why memory is not to be had.
package enum MemoryShortage: Error, Hashable, Sendable {
    /// The system gives none.
    case system
    /// Other requests use what this one needs.
    case budget
    /// It is more than all requests together may have.
    case limit(needed: Int, budget: Int)
}

/// Counts the memory of requests before it is taken.
package protocol MemoryAccount: AnyObject, Sendable {
    func reserve(_ byteCount: Int) throws(MemoryShortage)
    func release(_ byteCount: Int)
}

/// Bytes that are reserved as long as this lives.
package final class MemoryLease: Sendable {
    private let byteCount: Int
    private let account: (any MemoryAccount)?

    package init(_ byteCount: Int, from account: (any MemoryAccount)?) throws(MemoryShortage) {
        try account?.reserve(byteCount)
        self.byteCount = byteCount
        self.account = account
    }

    deinit { account?.release(byteCount) }
}
