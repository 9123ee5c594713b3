/// Memory of its own: reserved before it is taken, given back when nobody holds it any more.
package final class MemoryBlock: @unchecked Sendable {
    // @unchecked Sendable because only the maker of a block writes or resizes it, before it is shared.
    private var bytes: UnsafeMutableRawBufferPointer
    /// As the recycler gave it, with room to be aligned in.
    private var memory: UnsafeMutableRawBufferPointer
    private let account: (any MemoryAccount)?
    private var reserved: Int

    package init(byteCount: Int, account: (any MemoryAccount)?) throws(MemoryShortage) {
        self.account = account
        reserved = Self.counted(byteCount)
        if reserved > 0 { try account?.reserve(reserved) }
        guard let memory = MemoryRecycler.shared.take(byteCount: byteCount),
            let start = MemoryRecycler.start(of: memory)
        else {
            if reserved > 0 { account?.release(reserved) }
            throw .system
        }
        self.memory = memory
        bytes = UnsafeMutableRawBufferPointer(start: start, count: byteCount)
    }

    deinit {
        MemoryRecycler.shared.give(memory)
        if reserved > 0 { account?.release(reserved) }
    }

    package var byteCount: Int { bytes.count }

    /// The memory starts at a multiple of ``MemoryRecycler/alignment``; its content is undefined until it is written.
    package func withUnsafeMutableBytes<R, E: Error>(
        _ body: (UnsafeMutableRawBufferPointer) throws(E) -> R
    ) throws(E) -> R {
        defer { withExtendedLifetime(self) {} }
        return try body(bytes)
    }

    /// Changes the size and keeps the content, as far as it fits.
    ///
    /// Large blocks are remapped, not copied. Where there is no memory the block stays as it is.
    package func resize(to byteCount: Int) throws(MemoryShortage) {
        let wanted = Self.counted(byteCount)
        if wanted > reserved { try account?.reserve(wanted - reserved) }
        guard let resized = MemoryRecycler.shared.resize(memory, to: byteCount),
            let start = MemoryRecycler.start(of: resized)
        else {
            if wanted > reserved { account?.release(wanted - reserved) }
            throw .system
        }
        if wanted < reserved { account?.release(reserved - wanted) }
        reserved = wanted
        memory = resized
        bytes = UnsafeMutableRawBufferPointer(start: start, count: byteCount)
    }

    /// Small blocks are part of what every request is allowed, so that threads do not meet at the account for them.
    private static func counted(_ byteCount: Int) -> Int {
        byteCount < MemoryRecycler.smallestByteCount ? 0 : byteCount
    }
}
