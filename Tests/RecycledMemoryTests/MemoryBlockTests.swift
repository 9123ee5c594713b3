import RecycledMemory
import Synchronization
import Testing

@Suite struct MemoryBlockTests {
    /// Has room for so many bytes.
    private final class Account: MemoryAccount {
        let limit: Int
        private let used = Mutex(0)

        init(limit: Int) { self.limit = limit }

        var byteCount: Int { used.withLock { $0 } }

        func reserve(_ byteCount: Int) throws(MemoryShortage) {
            let isThere = used.withLock { used in
                guard byteCount <= limit - used else { return false }
                used += byteCount
                return true
            }
            if !isThere { throw .budget }
        }

        func release(_ byteCount: Int) { used.withLock { $0 -= byteCount } }
    }

    private static let size = MemoryRecycler.smallestByteCount
    private let account = Account(limit: 10 * size)

    @Test func `a block is on the account as long as it lives`() throws {
        do {
            let block = try MemoryBlock(byteCount: 3 * Self.size, account: account)
            #expect(block.byteCount == 3 * Self.size)
            #expect(block.withUnsafeMutableBytes { Int(bitPattern: $0.baseAddress) % MemoryRecycler.alignment } == 0)
            #expect(account.byteCount == 3 * Self.size)
            let small = try MemoryBlock(byteCount: 100, account: account)
            #expect(account.byteCount == 3 * Self.size)
            try small.resize(to: Self.size)
            #expect(account.byteCount == 4 * Self.size)
            try small.resize(to: 10)
            #expect(account.byteCount == 3 * Self.size)
        }
        #expect(account.byteCount == 0)
    }

    @Test func `resizing keeps the content and the alignment`() throws {
        let block = try MemoryBlock(byteCount: 100, account: account)
        block.withUnsafeMutableBytes { $0.copyBytes(from: 0..<100) }
        for size in [200, Self.size, 9 * Self.size, 5 * Self.size, 100] {
            try block.resize(to: size)
            #expect(block.byteCount == size)
            block.withUnsafeMutableBytes { bytes in
                #expect(bytes.count == size)
                #expect(bytes.prefix(100).elementsEqual(0..<100))
                #expect(Int(bitPattern: bytes.baseAddress) % MemoryRecycler.alignment == 0)
            }
        }
    }

    @Test func `what the account or the system rejects changes nothing`() throws {
        #expect(throws: MemoryShortage.budget) { try MemoryBlock(byteCount: 11 * Self.size, account: account) }
        let block = try MemoryBlock(byteCount: 8 * Self.size, account: account)
        block.withUnsafeMutableBytes { $0[0] = 7 }
        #expect(throws: MemoryShortage.budget) { try block.resize(to: 11 * Self.size) }
        #expect(block.byteCount == 8 * Self.size)
        #expect(block.withUnsafeMutableBytes { $0[0] } == 7)
        #expect(account.byteCount == 8 * Self.size)
        let generous = Account(limit: .max)
        #expect(throws: MemoryShortage.system) { try MemoryBlock(byteCount: .max / 2, account: generous) }
        #expect(generous.byteCount == 0)
        let other = try MemoryBlock(byteCount: Self.size, account: generous)
        #expect(throws: MemoryShortage.system) { try other.resize(to: .max / 2) }
        #expect(generous.byteCount == Self.size)
    }

    @Test func `a lease holds its bytes as long as it lives`() throws {
        do {
            let lease = try MemoryLease(Self.size, from: account)
            #expect(account.byteCount == Self.size)
            #expect(throws: MemoryShortage.budget) { try MemoryLease(10 * Self.size, from: account) }
            withExtendedLifetime(lease) {}
        }
        #expect(account.byteCount == 0)
    }
}
