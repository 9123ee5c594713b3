import RecycledMemory

/// The bytes behind a tensor: either memory of its own, or a view of memory that another object keeps alive.
///
/// Elements are little-endian and row-major, and the first is aligned for every ``ElementType``.
package final class TensorStorage: @unchecked Sendable {
    // @unchecked Sendable because bytes are written only by whoever made the storage, before it is shared;
    // parallel slices of one plan write disjoint ranges and are joined before anyone reads.
    private let bytes: UnsafeMutableRawBufferPointer
    /// Memory of its own, of which `bytes` may be a part; nil for a view.
    private let memory: UnsafeMutableRawBufferPointer?
    private let owner: AnyObject?

    /// Alignment in bytes: a cache line, which also suits the widest vector registers.
    package static var alignment: Int { MemoryRecycler.alignment }

    package var byteCount: Int { bytes.count }

    /// Memory of its own; its content is undefined unless `zeroed`.
    package init(byteCount: Int, zeroed: Bool = false) {
        let (block, start) = MemoryRecycler.shared.demand(byteCount: max(byteCount, 0))
        memory = block
        bytes = UnsafeMutableRawBufferPointer(start: start, count: max(byteCount, 0))
        owner = nil
        if zeroed { bytes.initializeMemory(as: UInt8.self, repeating: 0) }
    }

    /// Memory of its own; nil where the system gives none.
    package init?(allocating byteCount: Int, zeroed: Bool) {
        guard let block = MemoryRecycler.shared.take(byteCount: byteCount),
            let start = block.baseAddress?.alignedUp(toMultipleOf: MemoryRecycler.alignment)
        else { return nil }
        memory = block
        bytes = UnsafeMutableRawBufferPointer(start: start, count: byteCount)
        owner = nil
        if zeroed { bytes.initializeMemory(as: UInt8.self, repeating: 0) }
    }

    /// A view of bytes that `owner` keeps alive and nobody changes any more.
    package init(viewing bytes: UnsafeRawBufferPointer, owner: AnyObject) {
        self.bytes = UnsafeMutableRawBufferPointer(mutating: bytes)
        self.owner = owner
        memory = nil
    }

    deinit {
        if let memory { MemoryRecycler.shared.give(memory) }
    }

    package func withUnsafeBytes<R, E: Error>(_ body: (UnsafeRawBufferPointer) throws(E) -> R) throws(E) -> R {
        try body(UnsafeRawBufferPointer(bytes))
    }

    /// For the maker of this storage, before it is shared.
    package func withUnsafeMutableBytes<R, E: Error>(
        _ body: (UnsafeMutableRawBufferPointer) throws(E) -> R
    ) throws(E) -> R {
        try body(bytes)
    }
}
