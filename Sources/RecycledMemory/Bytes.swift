/// Bytes that nobody changes any more, with a share in the memory that holds them.
///
/// Copies and slices are views of the same memory, which lives as long as any of them.
///
/// Public, as are its readers: the compiler makes no function of `package` access part of its callers in other modules,
/// and kernels read single numbers through these.
public struct Bytes: @unchecked Sendable {
    // @unchecked Sendable because bytes are written only by whoever made their memory, before it is shared;
    // parallel slices of one plan write disjoint ranges and are joined before anyone reads.
    @usableFromInline let memory: UnsafeMutableRawBufferPointer
    @usableFromInline let owner: AnyObject?

    /// No bytes.
    package init() {
        memory = UnsafeMutableRawBufferPointer(start: nil, count: 0)
        owner = nil
    }

    /// Bytes in memory of another kind, which `owner` keeps alive and nobody changes any more.
    package init(viewing bytes: UnsafeRawBufferPointer, owner: AnyObject) {
        memory = UnsafeMutableRawBufferPointer(mutating: bytes)
        self.owner = owner
    }

    /// The first `count` bytes of `block`, which must not be resized any more, or all of them.
    package init(_ block: MemoryBlock, count: Int? = nil) {
        // The block lives as long as these bytes.
        memory = block.withUnsafeMutableBytes { UnsafeMutableRawBufferPointer(rebasing: $0.prefix(count ?? .max)) }
        owner = block
    }

    /// Bytes for the caller to write, undefined unless `zeroed`; the first is aligned for every type of number.
    ///
    /// - Returns: nil where the system gives no memory.
    package init?(allocating byteCount: Int, zeroed: Bool = false) {
        guard let block = try? MemoryBlock(byteCount: byteCount, account: nil) else { return nil }
        if zeroed { block.withUnsafeMutableBytes { _ = $0.initializeMemory(as: UInt8.self, repeating: 0) } }
        self.init(block)
    }

    /// The same where nothing can go on without: where memory is short the process ends, as with Swift's own allocations.
    package init(byteCount: Int, zeroed: Bool = false) {
        guard let bytes = Bytes(allocating: max(byteCount, 0), zeroed: zeroed) else {
            preconditionFailure("out of memory")
        }
        self = bytes
    }

    /// A copy, for texts that are known to be small.
    package init(copying bytes: some Collection<UInt8>) {
        self.init(byteCount: bytes.count)
        memory.copyBytes(from: bytes)
    }

    @inlinable
    public var count: Int { memory.count }

    @inlinable
    public var isEmpty: Bool { memory.isEmpty }

    /// A part of these bytes, which is not copied.
    package subscript(range: Range<Int>) -> Bytes {
        Bytes(memory: UnsafeMutableRawBufferPointer(rebasing: memory[range]), owner: owner)
    }

    /// The same bytes, which also keep `companion` alive.
    package func keeping(_ companion: some AnyObject & Sendable) -> Bytes {
        Bytes(memory: memory, owner: Companions(first: owner, second: companion))
    }

    private init(memory: UnsafeMutableRawBufferPointer, owner: AnyObject?) {
        self.memory = memory
        self.owner = owner
    }

    private final class Companions {
        let first: AnyObject?
        let second: AnyObject

        init(first: AnyObject?, second: AnyObject) {
            self.first = first
            self.second = second
        }
    }

    /// Whether both are views of one piece of memory.
    package func sharesMemory(with other: Bytes) -> Bool { owner != nil && owner === other.owner }

    @inlinable @inline(__always)
    public func withUnsafeBytes<R, E: Error>(_ body: (UnsafeRawBufferPointer) throws(E) -> R) throws(E) -> R {
        defer { withExtendedLifetime(owner) {} }
        return try body(UnsafeRawBufferPointer(memory))
    }

    /// For the maker of these bytes, before they are shared.
    @inlinable @inline(__always)
    public func withUnsafeMutableBytes<R, E: Error>(
        _ body: (UnsafeMutableRawBufferPointer) throws(E) -> R
    ) throws(E) -> R {
        defer { withExtendedLifetime(owner) {} }
        return try body(memory)
    }
}

extension [Bytes] {
    package var byteCount: Int { reduce(0) { $0 + $1.count } }

    /// All copied together, for bodies that are known to be small.
    package func joined() -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(byteCount)
        for piece in self { piece.withUnsafeBytes { bytes.append(contentsOf: $0) } }
        return bytes
    }

    /// The first `byteCount` bytes, which are not copied.
    package func prefix(bytes byteCount: Int) -> [Bytes] {
        var rest = byteCount
        var pieces: [Bytes] = []
        for piece in self where rest > 0 {
            let part = piece[0..<Swift.min(rest, piece.count)]
            pieces.append(part)
            rest -= part.count
        }
        return pieces
    }
}
