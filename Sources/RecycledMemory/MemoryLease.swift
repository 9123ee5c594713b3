/// Bytes that are reserved as long as this lives.
package final class MemoryLease: Sendable {
    private let byteCount: Int
    private let account: (any MemoryAccount)?

    package init(_ byteCount: Int, from account: (any MemoryAccount)?) throws(MemoryShortage) {
        try account?.reserve(byteCount)
        self.byteCount = byteCount
        self.account = account
    }

    /// Takes over bytes that are reserved already.
    package init(adopting byteCount: Int, from account: any MemoryAccount) {
        self.byteCount = byteCount
        self.account = account
    }

    deinit { account?.release(byteCount) }
}
