import Glibc
import Synchronization

/// Keeps the memory of bodies and tensors that nobody needs any more for the next ones.
///
/// Pages that the system hands out are cleared one by one as they are first touched, which takes longer than pooling
/// what is written to them. All memory is the C library's, so that blocks from elsewhere may be given too.
package final class MemoryRecycler: Sendable {
    package static let shared = MemoryRecycler()

    /// What callers may align to, in bytes: a cache line, which also suits the widest vector registers.
    package static let alignment = 64

    /// Smaller blocks are as quick to get from the allocator.
    package static let smallestByteCount = 64 << 10
    /// Bytes that are kept at most, unless told otherwise.
    package static let standardLimit = 256 << 20
    fileprivate static let largestBlockCount = 32

    fileprivate struct Block: @unchecked Sendable {
        // @unchecked Sendable because a block has no other owner than the list that it is in.
        let memory: UnsafeMutableRawBufferPointer
    }

    fileprivate struct State: Sendable {
        /// The longest kept first.
        var blocks: [Block] = []
        var byteCount = 0
        var limit = MemoryRecycler.standardLimit
        var fault: Fault?
    }

    /// An allocation that is to fail, for tests.
    fileprivate struct Fault: Sendable {
        var isAfter: Int
        let smallestByteCount: Int
    }

    private let state = Mutex(State())

    package init() {}

    /// Bytes that are kept at the moment.
    package var byteCount: Int { state.withLock { $0.byteCount } }

    /// Changes how many bytes are kept at most; what is beyond is released.
    package func limit(to byteCount: Int) {
        state.withLock { $0.limit = byteCount }
        shrink(to: byteCount)
    }

    /// Releases what is kept.
    package func clear() { shrink(to: 0) }

    /// Memory with room for so many bytes that start at a multiple of ``alignment``, its content undefined: kept, where
    /// a block of about that size is there.
    ///
    /// The caller finds that multiple: a kept block starts anywhere, and the allocator's own way to align a small one
    /// takes several times as long as to find it.
    ///
    /// - Returns: nil where memory is short.
    package func take(byteCount: Int) -> UnsafeMutableRawBufferPointer? {
        let (padded, overflow) = byteCount.addingReportingOverflow(Self.alignment)
        guard !overflow else { return nil }
        guard byteCount >= Self.smallestByteCount else { return Self.allocated(padded) }
        let (kept, fails) = state.withLock { state in
            state.fails(byteCount) ? (nil, true) : (state.take(padded), false)
        }
        return fails ? nil : kept?.memory ?? Self.allocated(padded)
    }

    /// A block with another size and the same content, for one that was taken here; `memory` is then no longer its
    /// owner's.
    ///
    /// Content starts at the first multiple of ``alignment``. Kept memory has been touched before, so that copying to it
    /// is quicker than remapping and clearing.
    ///
    /// - Parameter byteCount: as in ``take(byteCount:)``.
    /// - Returns: nil where memory is short; `memory` then stays as it was.
    package func resize(
        _ memory: UnsafeMutableRawBufferPointer, to byteCount: Int
    ) -> UnsafeMutableRawBufferPointer? {
        let (padded, overflow) = byteCount.addingReportingOverflow(Self.alignment)
        guard !overflow, let start = Self.start(of: memory) else { return nil }
        guard padded != memory.count else { return memory }
        if byteCount >= Self.smallestByteCount, padded > memory.count {
            let (kept, fails) = state.withLock { state in
                state.fails(byteCount) ? (nil, true) : (state.take(padded), false)
            }
            guard !fails else { return nil }
            let isFirstHuge = padded >= Self.hugeByteCount && memory.count < Self.hugeByteCount
            if let larger = kept?.memory ?? (isFirstHuge ? Self.allocated(padded) : nil) {
                Self.start(of: larger)?.copyMemory(from: start, byteCount: memory.count - Self.alignment)
                give(memory)
                return larger
            }
        }
        let offset = memory.baseAddress.map { start - $0 } ?? 0
        guard let base = realloc(memory.baseAddress, padded) else { return nil }
        let resized = UnsafeMutableRawBufferPointer(start: base, count: padded)
        if let moved = Self.start(of: resized), moved != base + offset {
            memmove(moved, base + offset, min(memory.count, padded) - Self.alignment)
        }
        return resized
    }

    /// Where the content of a block starts.
    package static func start(of memory: UnsafeMutableRawBufferPointer) -> UnsafeMutableRawPointer? {
        memory.baseAddress?.alignedUp(toMultipleOf: alignment)
    }

    /// Lets one allocation of at least `byteCount` bytes fail, for tests: the one after `count` others.
    package func failOnce(after count: Int, atLeast byteCount: Int = smallestByteCount) {
        state.withLock { $0.fault = Fault(isAfter: count, smallestByteCount: max(byteCount, Self.smallestByteCount)) }
    }

    /// Takes back ``failOnce(after:atLeast:)``.
    ///
    /// - Returns: whether an allocation has failed since.
    package func hasFailed() -> Bool {
        state.withLock { state in
            defer { state.fault = nil }
            return state.fault == nil
        }
    }

    /// From here on memory comes in huge pages, which are found and cleared in fewer steps.
    private static let hugeByteCount = 4 << 20
    private static let hugePage = 2 << 20

    private static func allocated(_ byteCount: Int) -> UnsafeMutableRawBufferPointer? {
        guard byteCount >= hugeByteCount else {
            return malloc(byteCount).map { UnsafeMutableRawBufferPointer(start: $0, count: byteCount) }
        }
        var memory: UnsafeMutableRawPointer?
        guard posix_memalign(&memory, hugePage, byteCount) == 0, let memory else { return nil }
        // A wish: where the system cannot grant it, pages are small.
        _ = madvise(memory, byteCount, MADV_HUGEPAGE)
        return UnsafeMutableRawBufferPointer(start: memory, count: byteCount)
    }

    /// Takes a block of the C library that nobody needs any more.
    package func give(_ memory: UnsafeMutableRawBufferPointer) {
        guard memory.count >= Self.smallestByteCount else {
            free(memory.baseAddress)
            return
        }
        let surplus = state.withLock { state in
            state.blocks.append(Block(memory: memory))
            state.byteCount += memory.count
            return state.removeSurplus(beyond: state.limit)
        }
        surplus.forEach { free($0.memory.baseAddress) }
    }

    private func shrink(to byteCount: Int) {
        state.withLock { $0.removeSurplus(beyond: byteCount) }.forEach { free($0.memory.baseAddress) }
    }
}

extension MemoryRecycler.State {
    /// Whether the allocation of so many bytes is the one that a test wants to fail.
    fileprivate mutating func fails(_ byteCount: Int) -> Bool {
        guard let fault, byteCount >= fault.smallestByteCount else { return false }
        self.fault?.isAfter -= 1
        if fault.isAfter == 0 { self.fault = nil }
        return fault.isAfter == 0
    }

    /// The smallest block that is large enough, unless more than a fifth of it would lie idle: only what was asked for
    /// is reserved.
    fileprivate mutating func take(_ byteCount: Int) -> MemoryRecycler.Block? {
        let fitting = blocks.indices.filter {
            blocks[$0].memory.count >= byteCount && blocks[$0].memory.count / 5 * 4 <= byteCount
        }
        guard let best = fitting.min(by: { blocks[$0].memory.count < blocks[$1].memory.count }) else { return nil }
        self.byteCount -= blocks[best].memory.count
        return blocks.remove(at: best)
    }

    /// Takes out the longest kept until the rest is within `limit`.
    fileprivate mutating func removeSurplus(beyond limit: Int) -> [MemoryRecycler.Block] {
        var surplus: [MemoryRecycler.Block] = []
        while byteCount > limit || blocks.count > MemoryRecycler.largestBlockCount, !blocks.isEmpty {
            let oldest = blocks.removeFirst()
            byteCount -= oldest.memory.count
            surplus.append(oldest)
        }
        return surplus
    }
}
